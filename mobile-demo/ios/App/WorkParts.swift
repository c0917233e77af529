#if canImport(SwiftUI)
import FieldDay
import Foundation
import Satchel
import SwiftUI

/// Time on the visit.
struct TimePart: View {
    let model: VisitModel
    let sheet: TimeSheet

    var body: some View {
        if sheet.technician != nil && (sheet.isEnabled || sheet.running != nil || !sheet.lines.isEmpty) {
            Section("Time") {
                if let running = sheet.running {
                    HStack {
                        Text(running.said).fontWeight(.semibold)
                        Spacer()
                        ActButton(title: "Stop", isLoud: true) { await model.stopTime() }.fixedSize()
                    }
                }
                ForEach(sheet.lines, id: \.self) { Text($0).foregroundStyle(.secondary) }
                if sheet.running == nil {
                    HStack {
                        ForEach(TimeKind.known, id: \.rawValue) { kind in
                            ActButton(title: Words.title(kind.rawValue)) { await model.startTime(kind) }
                        }
                    }
                    .disabled(!sheet.isEnabled)
                }
            }
        }
    }
}

/// Material used on the visit, and a search in the pricebook.
struct MaterialsPart: View {
    let model: VisitModel
    let materials: Materials
    @Binding var search: String

    var body: some View {
        Section("Materials") {
            ForEach(materials.lines) { line in row(line) }
            if materials.isEnabled {
                TextBox(hint: "Search the pricebook", text: $search)
                    .autocorrectionDisabled()
                    .task(id: search) { await model.search(search) }
                ForEach(model.offers) { offer in
                    HStack {
                        VStack(alignment: .leading) {
                            Text(offer.name)
                            Text(offer.detail).font(.footnote).foregroundStyle(.secondary)
                        }
                        .accessibilityElement(children: .combine)
                        Spacer()
                        ActButton(title: "Add") { if await model.add(offer) { search = "" } }
                            .fixedSize()
                            .accessibilityLabel("Add \(offer.name)")
                    }
                }
            }
        }
    }

    private func row(_ line: MaterialLine) -> some View {
        HStack {
            VStack(alignment: .leading) {
                Text(line.name).fontWeight(.semibold)
                Text(Words.measured(line.quantity, line.unit) + " · " + line.price)
                    .font(.footnote)
                    .foregroundStyle(.secondary)
            }
            .accessibilityElement(children: .combine)
            Spacer()
            if materials.isEnabled {
                ActButton(title: "–", tone: .neutral) { await model.correct(line, quantity: line.quantity - 1) }
                    .fixedSize()
                    .accessibilityLabel("One less \(line.name)")
                ActButton(title: "+", tone: .neutral) { await model.correct(line, quantity: line.quantity + 1) }
                    .fixedSize()
                    .accessibilityLabel("One more \(line.name)")
            }
        }
    }
}

/// The notes of a visit's job. One is written at a time; what others write meanwhile stays.
struct NotesPart: View {
    let model: VisitModel
    let notes: [NoteText]
    @Binding var drafts: Drafts
    let visit: UUID

    private var writing: String { "note.\(visit)." }
    private var which: String { drafts[writing + "which"] }

    var body: some View {
        Section("Notes") {
            ForEach(notes) { note in
                HStack {
                    VStack(alignment: .leading) {
                        Text(note.title).fontWeight(.semibold)
                        if !note.text.isEmpty { Text(note.text).foregroundStyle(.secondary) }
                    }
                    .accessibilityElement(children: .combine)
                    Spacer()
                    ActButton(title: "Edit") { edit(note) }.fixedSize().accessibilityLabel("Edit \(note.title)")
                }
            }
            if which.isEmpty {
                ActButton(title: "Write a note") { drafts[writing + "which"] = "new" }
            } else {
                editor
            }
        }
    }

    @ViewBuilder
    private var editor: some View {
        if which == "new" {
            TextBox(hint: "What is it about?", text: $drafts[writing + "title"])
        } else {
            Text(drafts[writing + "title"]).font(.headline)
        }
        TextBox(hint: "Note", text: $drafts[writing + "text"], lines: 4)
        HStack {
            ActButton(title: "Discard") { drafts.forget(writing) }
            ActButton(title: "Save note", isLoud: true) { await save() }
        }
    }

    private func edit(_ note: NoteText) {
        drafts.forget(writing)
        drafts[writing + "which"] = note.id.uuidString
        drafts[writing + "title"] = note.title
        drafts[writing + "base"] = note.text
        drafts[writing + "text"] = note.text
    }

    private func save() async {
        let text = drafts[writing + "text"]
        let isSaved: Bool
        if let note = UUID(uuidString: which) {
            isSaved = await model.changeNote(note, base: drafts[writing + "base"], text: text)
        } else {
            isSaved = await model.writeNote(title: drafts[writing + "title"], text: text)
        }
        if isSaved { drafts.forget(writing) }
    }
}

/// The customer's signature on the work, and documents that the office asks for.
struct PapersPart: View {
    let model: VisitModel
    let detail: VisitDetail

    var body: some View {
        if detail.signature != .notYet || !detail.papers.isEmpty {
            Section("Papers") {
                switch detail.signature {
                case .notYet: EmptyView()
                case .possible: sign("Ask the customer to sign", .visit, detail.place.visit, "The work of this visit")
                case .signed(let by, let at):
                    HStack {
                        Text("Work signed by \(by), \(at)")
                        Spacer()
                        MarkPill(mark: Mark("Signed", .good))
                    }
                }
                ForEach(detail.papers) { paper in row(paper) }
            }
        }
    }

    @ViewBuilder
    private func row(_ paper: Paper) -> some View {
        HStack {
            Text(paper.title)
            Spacer()
            MarkPill(mark: paper.mark)
        }
        .accessibilityElement(children: .combine)
        if paper.isOpen {
            if paper.kind == .signature {
                sign("Sign “\(paper.title)”", .requiredDocument, paper.id, paper.title)
            } else if paper.kind == .checklist, paper.checklist != nil {
                ActButton(title: "Hand in the checklist") { await model.handIn(paper) }
            } else if paper.kind == .photo {
                Text("Photos cannot be taken with this version yet.").font(.footnote).foregroundStyle(.secondary)
            } else {
                Text("The office waits for this.").font(.footnote).foregroundStyle(.secondary)
            }
        }
    }

    private func sign(_ label: String, _ kind: SubjectKind, _ subject: UUID, _ title: String) -> some View {
        let signable = Signable(job: detail.place.job, kind: kind, subject: subject, title: title)
        return NavigationLink(label, value: Route.signature(signable)).fontWeight(.semibold).touchable()
    }
}
#endif
