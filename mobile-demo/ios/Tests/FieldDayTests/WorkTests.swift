import FieldDay
import Foundation
import Satchel
import SatchelTesting
import XCTest

/// Questions of one visit, at most.
private let questionsMax = 100

final class WorkTests: XCTestCase {
    func testAWholeVisitIsWorkedWithoutANetworkAndReachesTheOfficeLater() async throws {
        try await withHands { hands in
            try await hands.signIn(0)
            try await hands.network(false)
            let model = try await hands.visit(number: 0)
            let place = try XCTUnwrap(model.detail?.place)
            let enabled = { (step: Step) in model.detail?.steps.first { $0.step == step }?.isEnabled == true }
            XCTAssertTrue(enabled(.accept) && enabled(.decline))
            XCTAssertFalse(enabled(.complete) || enabled(.pause))
            // What is greyed out is refused too, with a sentence.
            let isTaken = await model.take(.pause)
            XCTAssertFalse(isTaken)
            XCTAssertEqual(model.acts.message?.hasSuffix("."), true)

            for step in [Step.accept, .travel] { try await done(model, step) }
            await model.startTime(.travel)
            try await until("the time runs") { model.detail?.time.running?.said.hasPrefix("Travel since") == true }
            try await done(model, .arrive)
            await model.stopTime()
            try await until("it stopped") { model.detail?.time.running == nil && model.detail?.time.lines.count == 1 }
            try await answerEverything(model)
            try await useMaterial(model)
            await model.writeNote(title: " Boiler room ", text: "The key hangs behind the door.")
            try await until("the note is there") { model.detail?.notes.contains { $0.title == "Boiler room" } == true }
            try await done(model, .complete, "Replaced the pump.")
            try await sign(hands, place)
            try await until("it is signed") { model.detail?.signature.isSigned == true }

            let outbox = try await hands.outbox()
            let marks = Set(outbox.outbox?.waiting.map(\.mark.text) ?? [])
            XCTAssertEqual(marks, ["On this phone"])
            XCTAssertEqual(outbox.outbox?.waiting.last?.what, "Customer's signature")
            try await hands.network(true)
            try await until("everything has reached the office") { outbox.outbox?.isEmpty == true }
            try await check(hands.contractor, place.visit)
        }
    }

    func testWhatOthersWroteInANoteStays() async throws {
        try await withHands { hands in
            try await hands.signIn(5)
            let model = try await hands.visit(number: 0)
            await model.writeNote(title: "Gate", text: "The gate is locked.")
            // Its text comes after the note: what follows is written on it.
            try await until("it is there") { model.detail?.notes.first { $0.title == "Gate" }?.text.isEmpty == false }
            let note = try XCTUnwrap(model.detail?.notes.first { $0.title == "Gate" })
            await model.changeNote(note.id, base: note.text, text: "The gate is locked. Ask at the desk.")
            await model.changeNote(note.id, base: note.text, text: "The big gate is locked.")
            XCTAssertNil(model.acts.message)
            try await until("both are in it") {
                model.detail?.notes.first { $0.id == note.id }?.text == "The big gate is locked. Ask at the desk."
            }
        }
    }
}

/// Takes a step, and waits until the screen shows where it led.
@MainActor
func done(_ model: VisitModel, _ step: Step, _ text: String = "") async throws {
    let isDone = await model.take(step, text: text)
    guard isDone else { throw Failure(what: "\(step): " + (model.acts.message ?? "")) }
    let mark = Mark(visit: step.to)
    try await until("\(step)") { model.detail?.facts.mark == mark }
}

/// Every question that is asked, also those that come up by an answer.
@MainActor
private func answerEverything(_ model: VisitModel) async throws {
    for _ in 0..<questionsMax {
        guard let question = model.detail?.questions.first(where: { $0.state == .open }) else { return }
        switch question.kind {
        case .yesNo: await model.answer(question, "yes")
        case .number: await model.answer(question, "21,5")
        case .text: await model.answer(question, "As found.")
        default: await model.markNotApplicable(question)
        }
        if let message = model.acts.message { throw Failure(what: message) }
        try await until("the answer is shown") {
            model.detail?.questions.contains { $0.id == question.id && $0.state == .open } == false
        }
    }
    throw Failure(what: "there is no end of questions")
}

@MainActor
private func useMaterial(_ model: VisitModel) async throws {
    await model.search("a")
    let offer = try XCTUnwrap(model.offers.first)
    await model.add(offer)
    try await until("a line") { model.detail?.materials.lines.count == 1 }
    let line = try XCTUnwrap(model.detail?.materials.lines.first)
    await model.correct(line, quantity: line.quantity + 1)
    try await until("two of it") { model.detail?.materials.lines.first?.quantity == 2 }
}

@MainActor
private func sign(_ hands: Hands, _ place: Place) async throws {
    let signable = Signable(job: place.job, kind: .visit, subject: place.visit, title: "The work of this visit")
    let model = SignatureModel(try hands.satchel(), signable)
    await model.load()
    XCTAssertEqual(model.shown?.lines.contains { $0.value == "Replaced the pump." }, true)
    var strokes = Strokes()
    let isUnsigned = await model.sign(name: "Ada Customer", relation: .family, strokes: strokes)
    XCTAssertFalse(isUnsigned)
    XCTAssertEqual(model.acts.message, "Please let the customer sign on the screen.")
    for start in [100, 600] {
        strokes.begin(Strokes.Point(x: start, y: 700))
        for step in 1...40 { strokes.lead(Strokes.Point(x: start + 8 * step, y: 500 + step)) }
    }
    let isSigned = await model.sign(name: "Ada Customer", relation: .family, strokes: strokes)
    XCTAssertTrue(isSigned, model.acts.message ?? "")
}

/// Another phone of the same person has it all.
private func check(_ contractor: Contractor, _ id: UUID) async throws {
    try await withPhone(contractor.url) { other in
        try await other.signIn(email: contractor.technicians[0].email, password: contractor.technicians[0].password)
        try await other.start()
        try await other.until("both sides agree") { $0.settled }
        let found = try await other.first(Visit.byId(id))
        let visit = try XCTUnwrap(found)
        XCTAssertEqual(visit.state, .completed)
        XCTAssertEqual(visit.outcome, "Replaced the pump.")
        let signatures = try await other.read(Signature.bySubject(subjectId: id))
        XCTAssertEqual(signatures.map(\.signerName), ["Ada Customer"])
        XCTAssertEqual(signatures.first?.signerRelation, .family)
        XCTAssertEqual(signatures.first?.strokes.map { Strokes(encoded: $0).lines.count }, 2)
        let notes = try await other.read(Note.byJob(jobId: visit.jobId))
        XCTAssertEqual(notes.first { $0.title == "Boiler room" }?.text, "The key hangs behind the door.")
        let used = try await other.read(MaterialUsed.byVisit(visitId: id))
        XCTAssertEqual(used.map(\.quantity), [2])
        let times = try await other.read(TimeEntry.byVisit(visitId: id))
        XCTAssertEqual(times.map { $0.endedAt != nil }, [true])
    }
}

extension SignatureState {
    fileprivate var isSigned: Bool {
        if case .signed = self { return true }
        return false
    }
}
