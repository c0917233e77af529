#if canImport(SwiftUI)
import FieldDay
import Foundation
import Satchel
import SwiftUI

/// What the office did not take, and what waits to be sent.
struct OutboxView: View {
    @State private var model: OutboxModel
    @Binding private var drafts: Drafts

    init(satchel: Satchel, drafts: Binding<Drafts>) {
        _model = State(initialValue: OutboxModel(satchel))
        _drafts = drafts
    }

    var body: some View {
        List {
            MessageRow(acts: model.acts)
            if let outbox = model.outbox {
                if !outbox.refused.isEmpty {
                    Section("Needs attention, \(outbox.refused.count)") {
                        ForEach(outbox.refused) { RefusedRow(model: model, refused: $0, drafts: $drafts) }
                    }
                }
                if !outbox.waiting.isEmpty {
                    Section("Waiting to be sent, \(outbox.waiting.count)") {
                        ForEach(outbox.waiting) { WaitingRow(model: model, waiting: $0) }
                    }
                }
            }
        }
        .overlay {
            if model.outbox?.isEmpty == true {
                ContentUnavailableView("Everything has reached the office.", systemImage: "checkmark.circle")
            }
        }
        .navigationTitle("Outbox")
        .task { await model.follow() }
    }
}

/// A change that the server did not take.
struct RefusedRow: View {
    let model: OutboxModel
    let refused: Refused
    @Binding var drafts: Drafts

    private var key: String { "refused.\(refused.id)." }
    private var asking: String { drafts[key + "asking"] }

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            VStack(alignment: .leading, spacing: 4) {
                Text(refused.what).font(.headline)
                if !refused.about.isEmpty { Text(refused.about).font(.footnote).foregroundStyle(.secondary) }
                Text(refused.why).foregroundStyle(Tone.bad.color)
                if refused.isBecauseOfAnother {
                    Text("Refused because an earlier change was. It is sent again after that one.")
                        .font(.footnote)
                        .foregroundStyle(.secondary)
                }
                if !refused.dependent.isEmpty {
                    Text("Depends on it: " + refused.dependent.joined(separator: ", "))
                        .foregroundStyle(Tone.warn.color)
                }
                if let trace = refused.traceId {
                    Text("The office finds the fault by \(trace).").font(.footnote).foregroundStyle(.secondary)
                }
            }
            .accessibilityElement(children: .combine)
            if asking == "correct", let correction = refused.correction {
                correct(correction)
            } else if asking == "take back" {
                takeBack
            } else {
                choices
            }
        }
    }

    @ViewBuilder
    private var choices: some View {
        if !refused.isBecauseOfAnother {
            ActButton(title: "Send again", isLoud: true) { await model.retry(refused) }
        }
        HStack {
            if let correction = refused.correction {
                ActButton(title: "Correct") {
                    drafts[key + "text"] = correction.entered
                    drafts[key + "asking"] = "correct"
                }
            }
            ActButton(title: "Take back", tone: .bad) { drafts[key + "asking"] = "take back" }
        }
    }

    @ViewBuilder
    private func correct(_ correction: Correction) -> some View {
        Text(correction.question).font(.headline)
        TextBox(hint: correction.question, text: $drafts[key + "text"], lines: correction.isNumber ? 1 : 2)
        HStack {
            ActButton(title: "Not now") { drafts.forget(key) }
            ActButton(title: "Send corrected", isLoud: true) {
                if await model.correct(refused, drafts[key + "text"]) { drafts.forget(key) }
            }
        }
    }

    @ViewBuilder
    private var takeBack: some View {
        let others = refused.dependent.count
        if others == 0 {
            Text("Take it back for good?").font(.headline)
        } else {
            let also = Words.counted(others, "other change") + (others == 1 ? " depends on it." : " depend on it.")
            Text("Take it back for good? " + also).font(.headline)
            ActButton(title: "Take back all \(others + 1)", isLoud: true, tone: .bad) {
                if await model.takeBackAll(refused) { drafts.forget(key) }
            }
        }
        HStack {
            ActButton(title: "Not now") { drafts.forget(key) }
            ActButton(title: others == 0 ? "Yes, take back" : "Only this one", isLoud: others == 0, tone: .bad) {
                if await model.takeBack(refused.id) { drafts.forget(key) }
            }
        }
    }
}

/// A change on its way.
struct WaitingRow: View {
    let model: OutboxModel
    let waiting: Waiting

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            HStack {
                VStack(alignment: .leading) {
                    Text(waiting.what).fontWeight(.semibold)
                    if !waiting.about.isEmpty { Text(waiting.about).font(.footnote).foregroundStyle(.secondary) }
                }
                Spacer()
                MarkPill(mark: waiting.mark)
            }
            .accessibilityElement(children: .combine)
            if let doubt = waiting.doubt {
                Text("May be refused: " + doubt).font(.footnote).foregroundStyle(Tone.warn.color)
            }
            if waiting.canBeTakenBack {
                ActButton(title: "Take back", tone: .neutral) { await model.takeBack(waiting.id) }
                    .accessibilityLabel("Take back: \(waiting.what)")
            }
        }
    }
}
#endif
