#if canImport(SwiftUI)
import FieldDay
import Foundation
import Network
import Satchel
import SwiftUI

@main
struct FieldDayApp: App {
    @State private var app: AppModel
    @Environment(\.scenePhase) private var phase

    init() {
        let folder = URL.applicationSupportDirectory.appending(path: "satchel", directoryHint: .isDirectory)
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let phone = Phone(folder: folder, installNonce: try? InstallNonce.get(), sessionStore: KeychainSession())
        let model = AppModel(phone: phone, server: Memory.server, email: Memory.email) { server, email in
            Memory.server = server
            Memory.email = email
        }
        _app = State(initialValue: model)
        #if os(iOS)
        SyncTask.register(identifier: Memory.syncTask) { try await phone.satchel(server: Memory.server) }
        #endif
    }

    var body: some Scene {
        WindowGroup {
            RootView(app: app)
                .task { await app.open() }
                .task { for await path in NWPathMonitor() { await app.setNetwork(path.status == .satisfied) } }
        }
        .onChange(of: phase, initial: true) { _, now in
            let isVisible = now != .background
            Task { await app.setForeground(isVisible) }
            #if os(iOS)
            if !isVisible { SyncTask.schedule(identifier: Memory.syncTask) }
            #endif
        }
    }
}

/// What is kept beside the replica.
enum Memory {
    /// As Info.plist lists it.
    static let syncTask = "dev.satchel.fieldday.sync"

    /// Where the server is; chosen on the sign-in screen. Simulators reach the developer's machine so.
    static var server: String {
        get { UserDefaults.standard.string(forKey: "server") ?? "http://127.0.0.1:8080" }
        set { UserDefaults.standard.set(newValue, forKey: "server") }
    }

    /// Who signed in last.
    static var email: String {
        get { UserDefaults.standard.string(forKey: "email") ?? "" }
        set { UserDefaults.standard.set(newValue, forKey: "email") }
    }
}

/// What is on the screen as a whole. Which screens are open, and what was typed on them, is kept by the scene: the
/// system may end the process at any time.
struct RootView: View {
    let app: AppModel
    @SceneStorage("area") private var area = Area.day
    @SceneStorage("path") private var path = RoutePath()
    @SceneStorage("drafts") private var drafts = Drafts()

    init(app: AppModel) { self.app = app }

    var body: some View {
        stage.onChange(of: app.stage) { _, now in
            guard now == .signedOut else { return }
            // The next person begins at the beginning.
            area = .day
            path = RoutePath()
            drafts = Drafts()
        }
    }

    @ViewBuilder
    private var stage: some View {
        switch app.stage {
        case .opening: ProgressView("Opening …")
        case .signedOut: SignInView(app: app)
        case .signedIn:
            if let satchel = app.satchel {
                // Another client is another set of screens.
                SignedInView(app: app, satchel: satchel, area: $area, path: $path, drafts: $drafts)
                    .id(ObjectIdentifier(satchel))
            }
        case .failed(let why):
            ContentUnavailableView {
                Label("Your work cannot be opened", systemImage: "externaldrive.badge.exclamationmark")
            } description: {
                Text(why)
            } actions: {
                ActButton(title: "Try again") { await app.open() }
            }
        }
    }
}
#endif
