#if canImport(SwiftUI)
import FieldDay
import Foundation
import Satchel
import SwiftUI

/// Who are you, and at which server.
struct SignInView: View {
    let app: AppModel
    @State private var model: SignInModel
    // The password is kept by nothing.
    @State private var password = ""
    @SceneStorage("sign-in.email") private var email = ""
    @SceneStorage("sign-in.server") private var server = ""

    init(app: AppModel) {
        self.app = app
        _model = State(initialValue: SignInModel(app))
    }

    var body: some View {
        Form {
            Section {
                Text("Satchel").font(.largeTitle.bold()).foregroundStyle(Tone.accent.color)
                Text("Your day's work, with or without signal.").foregroundStyle(.secondary)
            }
            .listRowBackground(Color.clear)
            Section {
                TextField("E-mail", text: $email).textContentType(.username).keyboardType(.emailAddress)
                SecureField("Password", text: $password).textContentType(.password)
                TextField("Server", text: $server).textContentType(.URL).keyboardType(.URL)
            }
            .textInputAutocapitalization(.never)
            .autocorrectionDisabled()
            Section {
                MessageRow(acts: model.acts)
                if model.acts.isBusy { ProgressView("Signing in …") }
                ActButton(title: "Sign in", isLoud: true) { await signIn(nil) }.disabled(model.acts.isBusy)
            }
            if !model.organizations.isEmpty {
                Section("Which organization?") {
                    ForEach(model.organizations, id: \.orgId) { choice in
                        ActButton(title: choice.orgName) { await signIn(choice.orgId) }
                    }
                }
            }
            Text("Work that was not sent before you signed out is still on this phone.")
                .font(.footnote)
                .foregroundStyle(.secondary)
        }
        .onAppear {
            if email.isEmpty { email = app.email }
            if server.isEmpty { server = app.server }
        }
    }

    private func signIn(_ organization: UUID?) async {
        await model.signIn(server: server, email: email, password: password, organization: organization)
    }
}
#endif
