#if canImport(SwiftUI)
import FieldDay
import Foundation
import Satchel
import SwiftUI

/// The questions of a visit.
struct ChecklistPart: View {
    let model: VisitModel
    let detail: VisitDetail
    @Binding var drafts: Drafts

    var body: some View {
        let answered = Answered(detail.questions)
        Section {
            ProgressView(value: Double(answered.done), total: Double(answered.asked))
                .accessibilityLabel("Checklist")
                .accessibilityValue("\(answered.done) of \(answered.asked)")
            ForEach(detail.questions) { question in
                QuestionRow(
                    model: model, question: question, isOpen: !detail.facts.isOver,
                    draft: $drafts["answer.\(question.id)"])
            }
        } header: {
            Text("Checklist, \(answered.done) of \(answered.asked)")
        }
    }
}

/// One of them.
struct QuestionRow: View {
    let model: VisitModel
    let question: Question
    let isOpen: Bool
    @Binding var draft: String

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(question.isRequired && question.state == .open ? question.prompt + " *" : question.prompt)
                .accessibilityLabel(question.isRequired ? question.prompt + ", required" : question.prompt)
            if !isOpen {
                Text(question.given).foregroundStyle(.secondary)
            } else if question.kind == .yesNo {
                choices
            } else if question.state != .open {
                HStack {
                    Text(question.given).fontWeight(.semibold)
                    Spacer()
                    ActButton(title: "Change") { await model.clear(question) }.fixedSize()
                }
            } else if question.kind == .photo {
                Text("Photos cannot be taken with this version yet.").font(.footnote).foregroundStyle(.secondary)
                notApplicable
            } else {
                written
            }
        }
    }

    private var choices: some View {
        HStack {
            choice("Yes", question.value == "yes") { await model.answer(question, "yes") }
            choice("No", question.value == "no") { await model.answer(question, "no") }
            choice("N/A", question.state == .notApplicable) { await model.markNotApplicable(question) }
        }
    }

    /// A second tap takes the answer back.
    private func choice(
        _ title: String, _ isChosen: Bool, _ choose: @escaping @MainActor () async -> Bool
    ) -> some View {
        ActButton(title: title, isLoud: isChosen, tone: isChosen ? .accent : .neutral) {
            if isChosen { await model.clear(question) } else { _ = await choose() }
        }
        .accessibilityAddTraits(isChosen ? .isSelected : [])
    }

    @ViewBuilder
    private var written: some View {
        TextBox(hint: question.kind == .number ? "A number" : "Your answer", text: $draft)
            .keyboardType(question.kind == .number ? .numbersAndPunctuation : .default)
        HStack {
            ActButton(title: "Save") { if await model.answer(question, draft) { draft = "" } }
            notApplicable
        }
    }

    private var notApplicable: some View {
        ActButton(title: "N/A", tone: .neutral) { await model.markNotApplicable(question) }
            .accessibilityLabel("Not applicable")
    }
}
#endif
