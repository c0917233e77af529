#if canImport(SwiftUI)
import FieldDay
import Foundation
import Satchel
import SwiftUI

/// A visit: what it is about, and everything that is done on it.
struct VisitView: View {
    private let id: UUID
    @State private var model: VisitModel
    @Binding private var drafts: Drafts

    init(satchel: Satchel, visit: UUID, drafts: Binding<Drafts>) {
        id = visit
        _model = State(initialValue: VisitModel(satchel, visit: visit))
        _drafts = drafts
    }

    var body: some View {
        List {
            MessageRow(acts: model.acts)
            if let detail = model.detail { parts(detail) }
        }
        .overlay {
            if model.isRead && model.detail == nil {
                ContentUnavailableView(
                    "This visit is not on this phone any more.", systemImage: "person.crop.circle.badge.xmark",
                    description: Text("What you entered for it is in the outbox, if it was not sent."))
            }
        }
        .navigationTitle(model.detail?.facts.title ?? "")
        .task { await model.follow() }
    }

    @ViewBuilder
    private func parts(_ detail: VisitDetail) -> some View {
        Section { StepsPart(model: model, steps: detail.steps, drafts: $drafts, visit: id) }
        PapersPart(model: model, detail: detail)
        FactsPart(facts: detail.facts)
        if !detail.questions.isEmpty {
            ChecklistPart(model: model, detail: detail, drafts: $drafts)
        }
        TimePart(model: model, sheet: detail.time)
        if detail.materials.isEnabled || !detail.materials.lines.isEmpty {
            MaterialsPart(model: model, materials: detail.materials, search: $drafts["search.\(id)"])
        }
        NotesPart(model: model, notes: detail.notes, drafts: $drafts, visit: id)
    }
}

/// What does not change while one works.
struct FactsPart: View {
    let facts: Facts

    var body: some View {
        Section {
            HStack {
                VStack(alignment: .leading) {
                    Text(facts.customer).font(.headline)
                    Text(facts.window).foregroundStyle(.secondary)
                }
                Spacer()
                MarkPill(mark: facts.mark)
            }
            .accessibilityElement(children: .combine)
            if let phone = facts.phone, let address = call(phone) {
                Link(destination: address) { Label("Call \(phone)", systemImage: "phone").touchable() }
            }
            Text(facts.address)
            if let access = facts.access { Text(access).foregroundStyle(Tone.warn.color) }
            if let equipment = facts.equipment { Text(equipment).foregroundStyle(.secondary) }
            if !facts.description.isEmpty { Text(facts.description).foregroundStyle(.secondary) }
            if let outcome = facts.outcome { Text("“\(outcome)”") }
        }
    }

    private func call(_ phone: String) -> URL? { URL(string: "tel:" + phone.filter { $0.isNumber || $0 == "+" }) }
}

/// The way through the day: the step that is next, and the others, greyed out while they cannot be taken.
struct StepsPart: View {
    let model: VisitModel
    let steps: [StepButton]
    @Binding var drafts: Drafts
    let visit: UUID

    private var asking: String { "step.\(visit)." }

    var body: some View {
        if let step = asked, let ask = step.ask { question(step, ask) } else { buttons }
    }

    private var asked: Step? {
        steps.first { $0.isEnabled && $0.step.rawValue == drafts[asking + "which"] }?.step
    }

    @ViewBuilder
    private var buttons: some View {
        let next = steps.first { $0.isEnabled && $0.step.isOnward }
        if let next { ActButton(title: next.step.label, isLoud: true) { await tap(next.step) } }
        LazyVGrid(columns: [GridItem(.adaptive(minimum: 130))]) {
            ForEach(steps.filter { $0 != next }) { choice in
                ActButton(title: choice.step.label, tone: tone(choice.step)) { await tap(choice.step) }
                    .disabled(!choice.isEnabled)
            }
        }
    }

    @ViewBuilder
    private func question(_ step: Step, _ ask: Step.Ask) -> some View {
        Text(ask.question).font(.headline)
        let hint = ask.required ? "The office reads this" : "May be left empty"
        TextBox(hint: hint, text: $drafts[asking + "answer"], lines: 3)
        HStack {
            ActButton(title: "Not now") { drafts.forget(asking) }
            ActButton(title: step.label, isLoud: true, tone: tone(step)) {
                if await model.take(step, text: drafts[asking + "answer"]) { drafts.forget(asking) }
            }
        }
    }

    private func tap(_ step: Step) async {
        if step.ask == nil { await model.take(step) } else { drafts[asking + "which"] = step.rawValue }
    }

    private func tone(_ step: Step) -> Tone { step == .cannotComplete || step == .decline ? .bad : .accent }
}
#endif
