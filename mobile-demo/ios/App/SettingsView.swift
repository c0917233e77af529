#if canImport(SwiftUI)
import FieldDay
import Satchel
import SwiftUI

/// Entries that fit a screen; all are sent.
private let faultsShown = 20

/// Who is signed in, what support wants to know, and the way out.
struct SettingsView: View {
    private let app: AppModel
    @State private var model: SettingsModel
    @State private var isLeaving = false

    init(satchel: Satchel, app: AppModel) {
        self.app = app
        _model = State(initialValue: SettingsModel(satchel, app))
    }

    var body: some View {
        List {
            MessageRow(acts: model.acts)
            if let who = model.who {
                Section {
                    Text(who.name).font(.headline)
                    Text(who.organization)
                    Text(app.server).font(.footnote).foregroundStyle(.secondary)
                }
            }
            Section("Syncing") {
                ForEach(model.status) { line in
                    VStack(alignment: .leading) {
                        Text(line.name).font(.footnote).foregroundStyle(.secondary)
                        Text(line.value)
                    }
                    .accessibilityElement(children: .combine)
                }
            }
            Section("Data on this phone") {
                Text(model.checked ?? "Compares every row with its checksum.")
                ActButton(title: "Check now") { await model.check() }.disabled(model.acts.isBusy)
            }
            Section("Diagnostics") {
                if model.faults.isEmpty { Text("Nothing went wrong since the app was started.") }
                ForEach(Array(model.faults.prefix(faultsShown).enumerated()), id: \.offset) { fault in
                    Text(fault.element).font(.footnote)
                }
                if !model.faults.isEmpty {
                    ShareLink("Send to support", item: model.faults.joined(separator: "\n")).touchable()
                }
            }
            Section("Sign out") {
                Text(model.unsent)
                ActButton(title: "Sign out", tone: .bad) { isLeaving = true }
            }
        }
        .navigationTitle("Settings")
        .task { await model.follow() }
        .confirmationDialog("Sign out?", isPresented: $isLeaving, titleVisibility: .visible) {
            Button("Sign out", role: .destructive) {
                Task { await model.signOut() }
            }
        } message: {
            Text(model.unsent)
        }
    }
}
#endif
