import Foundation
import Satchel

/// Names and errors as people say them.
public enum Sayings {
    private static let known: [String: String] = [
        TravelToVisit.procedure: "Set out",
        ArriveAtVisit.procedure: "Arrive",
        AnswerItem.procedure: "Answer a checklist question",
        MarkNotApplicable.procedure: "Mark a question as not applicable",
        ClearAnswer.procedure: "Take an answer back",
        CreateNote.procedure: "Start a note",
        EditNote.procedure: "Write a note",
        CompleteVisitPartially.procedure: "Complete visit in part",
        CannotCompleteVisit.procedure: "Report that the visit cannot be completed",
        CaptureSignature.procedure: "Customer's signature",
    ]

    /// What a mutation does: `visit/v1/travel` is `Set out`.
    public static func what(_ procedure: String) -> String {
        if let saying = known[procedure] { return saying }
        let parts = procedure.split(separator: "/")
        guard let aggregate = parts.first, let verb = parts.last else { return procedure }
        var words = ""
        for letter in verb { words += letter.isUppercase ? " " + letter.lowercased() : String(letter) }
        return Words.capitalized(words) + " " + String(aggregate)
    }

    /// The sentence to show for an error, and what to do where that is not said already.
    public static func sentence(_ error: any Error) -> String {
        let said: String
        switch error {
        case let error as SatchelError: said = explanation(error)
        case let error as InputError: said = error.explanation
        default: said = "Something went wrong. Please try again."
        }
        return Words.capitalized(said.hasSuffix(".") ? said : said + ".")
    }

    private static func explanation(_ error: SatchelError) -> String {
        switch error {
        case .Refused(_, _, let explanation, _): return explanation
        case .SignInRefused(let explanation): return explanation
        case .Unavailable(let explanation, _): return explanation
        case .UpdateRequired(let explanation): return explanation
        case .StorageFailed(let explanation): return explanation
        case .KeyRefused(let explanation): return explanation
        case .SessionStoreFailed(let explanation): return explanation
        case .RescueRefused(let explanation): return explanation
        case .InvalidInput(let explanation): return explanation
        case .Internal(let explanation): return explanation
        case .NotSignedIn: return "Please sign in."
        case .ChooseOrganization: return "Please choose an organization."
        case .TooLarge(let size, let limit, let unit):
            return "This is too long: \(size) \(unit), and at most \(limit) fit."
        case .NotQueued: return "This has been dealt with already."
        case .AlreadySent: return "This is being sent and can no longer be taken back."
        case .NeverSent: return "The office never had this. Please correct it, or take it back."
        case .UnsentWork(let mutations):
            return Words.counted(Int(mutations), "change") + " did not reach the office yet."
        case .StorageFull: return "The phone has no room left. Please free some; nothing entered is lost."
        case .InUse: return "Another app has Satchel's files open. Please close it."
        case .Closed: return "The app is closing. Please open it again."
        }
    }
}

/// Something typed that cannot be meant.
public struct InputError: Error, Equatable {
    /// A sentence a person can act on.
    public let explanation: String
}
