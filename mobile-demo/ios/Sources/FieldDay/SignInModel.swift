import Foundation
import Observation
import Satchel

/// Who are you, and at which server.
@MainActor
@Observable
public final class SignInModel {
    public let acts = Acts()
    /// Those to choose from, when the user has several.
    public private(set) var organizations: [Membership] = []
    private let app: AppModel

    public init(_ app: AppModel) { self.app = app }

    /// Whether it went well.
    @discardableResult
    public func signIn(server: String, email: String, password: String, organization: UUID? = nil) async -> Bool {
        guard !acts.isBusy else { return false }
        let (server, email) = (Words.trimmed(server), Words.trimmed(email))
        return await acts.run {
            do {
                try await app.signIn(server: server, email: email, password: password, organization: organization)
                organizations = []
            } catch SatchelError.ChooseOrganization(let memberships) {
                organizations = memberships
                throw SatchelError.ChooseOrganization(memberships: memberships)
            }
        }
    }
}
