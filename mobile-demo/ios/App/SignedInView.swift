#if canImport(SwiftUI)
import FieldDay
import Foundation
import Satchel
import SwiftUI

/// The tabs.
enum Area: String {
    case day, outbox, settings
}

/// The screens of whoever is signed in, with the sync strip above all of them.
struct SignedInView: View {
    let app: AppModel
    let satchel: Satchel
    @Binding var area: Area
    @Binding var path: RoutePath
    @Binding var drafts: Drafts

    var body: some View {
        VStack(spacing: 0) {
            SyncStrip(line: app.syncLine) { area = .outbox }
            TabView(selection: $area) {
                NavigationStack(path: $path.routes) {
                    TodayView(satchel: satchel)
                        .navigationDestination(for: Route.self) { route in screen(route) }
                }
                .tabItem { Label("Day", systemImage: "calendar") }
                .tag(Area.day)
                NavigationStack { OutboxView(satchel: satchel, drafts: $drafts) }
                    .tabItem { Label("Outbox", systemImage: "tray.and.arrow.up") }
                    .badge(app.syncLine?.attention ?? 0)
                    .tag(Area.outbox)
                NavigationStack { SettingsView(satchel: satchel, app: app) }
                    .tabItem { Label("Settings", systemImage: "gearshape") }
                    .tag(Area.settings)
            }
        }
        .task { await app.follow() }
    }

    @ViewBuilder
    private func screen(_ route: Route) -> some View {
        switch route {
        case .visit(let id): VisitView(satchel: satchel, visit: id, drafts: $drafts)
        case .signature(let signable): SignatureView(satchel: satchel, signable: signable, drafts: $drafts)
        }
    }
}

/// Where syncing stands: always on the screen.
struct SyncStrip: View {
    let line: SyncLine?
    let showOutbox: @MainActor () -> Void

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            if let line {
                HStack(spacing: 8) {
                    Circle().fill(line.mark.tone.color).frame(width: 10, height: 10).accessibilityHidden(true)
                    Text(line.mark.text).fontWeight(.semibold).foregroundStyle(line.mark.tone.color)
                    Text(line.waiting).foregroundStyle(.secondary)
                    Spacer(minLength: 0)
                }
                .accessibilityElement(children: .ignore)
                .accessibilityLabel("Syncing: \(line.mark.text), \(line.waiting)")
                if let percent = line.percent {
                    ProgressView(value: Double(percent), total: 100)
                        .accessibilityLabel("Download")
                        .accessibilityValue("\(percent) percent")
                }
                if let banner = line.banner {
                    Text(banner)
                        .frame(maxWidth: .infinity, alignment: .leading)
                        .padding(10)
                        .background(Tone.warn.color.opacity(0.16), in: RoundedRectangle(cornerRadius: 10))
                }
                if line.attention > 0 { attention(line.attention) }
            }
        }
        .font(.footnote)
        .padding(.horizontal)
        .padding(.vertical, 6)
    }

    private func attention(_ number: Int) -> some View {
        Button(action: showOutbox) {
            HStack {
                Text(Words.counted(number, "change") + " could not be saved at the office")
                Spacer()
                Text("Look").fontWeight(.semibold)
            }
            .touchable()
        }
        .foregroundStyle(Tone.bad.color)
        .accessibilityHint("Shows what needs attention")
    }
}
#endif
