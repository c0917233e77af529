import Foundation
import Satchel

/// Whose phone it is, as far as that has arrived.
public struct Who: Hashable, Sendable {
    /// The technician's name; the roles of somebody who is none.
    public let name: String
    public let organization: String
    public let currency: String
    public let technician: UUID?
    /// Of the technician's branch: where the day begins.
    public let zone: TimeZone
}

extension Satchel {
    /// Reads it; nil while nobody is signed in.
    func who() async throws -> Who? {
        guard let identity = try self.identity else { return nil }
        let organization = try await first(Organization.byId(identity.orgId))
        var technician: Technician?
        var branch: Branch?
        if let id = identity.technicianId { technician = try await first(Technician.byId(id)) }
        if let technician { branch = try await first(Branch.byId(technician.branchId)) }
        return Who(
            name: technician?.name ?? identity.roles.map { Words.plain($0) }.joined(separator: ", "),
            organization: organization?.name ?? "",
            currency: organization?.currency ?? "",
            technician: identity.technicianId,
            zone: branch.map { Words.zone($0.zone) } ?? Words.utc)
    }
}
