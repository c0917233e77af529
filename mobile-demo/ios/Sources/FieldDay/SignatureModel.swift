import Foundation
import Observation
import Satchel

/// Where the customer signs what stands there.
@MainActor
@Observable
public final class SignatureModel {
    public let acts = Acts()
    public let signable: Signable
    /// What the signer sees; signing anything else is refused. Nil until it was read.
    public private(set) var shown: Shown?
    private let satchel: Satchel

    public init(_ satchel: Satchel, _ signable: Signable) {
        self.satchel = satchel
        self.signable = signable
    }

    /// Reads what is to be signed.
    public func load() async {
        await acts.run { shown = try await satchel.shown(signable) }
    }

    /// Whether it was signed.
    @discardableResult
    public func sign(name: String, relation: SignerRelation, strokes: Strokes) async -> Bool {
        guard !acts.isBusy, let shown else { return false }
        return await acts.run {
            try await satchel.sign(signable, shown, signer: name, relation: relation, strokes: strokes)
        }
    }
}
