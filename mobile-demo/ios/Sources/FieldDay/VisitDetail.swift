import Foundation
import Satchel

/// A visit with everything around it.
public struct VisitDetail: Hashable, Sendable {
    public let place: Place
    public let facts: Facts
    public let steps: [StepButton]
    public let questions: [Question]
    public let time: TimeSheet
    public let materials: Materials
    public let notes: [NoteText]
    public let papers: [Paper]
    public let signature: SignatureState
}

/// By which everything about a visit is addressed.
public struct Place: Hashable, Sendable {
    public let job: UUID
    public let visit: UUID
}

/// What does not change while one works.
public struct Facts: Hashable, Sendable {
    public let title: String
    public let window: String
    public let mark: Mark
    public let isOver: Bool
    public let customer: String
    public let phone: String?
    public let address: String
    public let access: String?
    public let equipment: String?
    public let description: String
    public let outcome: String?
}

/// Time booked on the visit.
public struct TimeSheet: Hashable, Sendable {
    /// An entry that runs.
    public struct Running: Hashable, Sendable {
        public let entry: UUID
        public let said: String
    }

    public let technician: UUID?
    public let running: Running?
    public let lines: [String]
    public let isEnabled: Bool
}

/// Material used on the visit.
public struct Materials: Hashable, Sendable {
    public let lines: [MaterialLine]
    public let isEnabled: Bool
}

/// One of its lines.
public struct MaterialLine: Hashable, Sendable, Identifiable {
    public let id: UUID
    public let name: String
    public let quantity: Decimal
    public let unit: String
    public let price: String
}

/// An item of the pricebook that was found.
public struct Offer: Hashable, Sendable, Identifiable {
    public let id: UUID
    public let name: String
    public let detail: String
}

/// A note of the visit's job.
public struct NoteText: Hashable, Sendable, Identifiable {
    public let id: UUID
    public let title: String
    public let text: String
}

/// A document that the office asks for.
public struct Paper: Hashable, Sendable, Identifiable {
    public let id: UUID
    public let title: String
    public let kind: DocumentKind
    public let mark: Mark
    public let isOpen: Bool
    /// The checklist that can be handed in.
    public let checklist: UUID?
}

/// Whether the customer's signature on the work can be taken.
public enum SignatureState: Hashable, Sendable {
    /// The visit goes on, or the policy forbids it.
    case notYet
    case possible
    case signed(by: String, at: String)
}
