#if canImport(SwiftUI)
import FieldDay
import Foundation
import Satchel
import SwiftUI

/// Where the customer signs what stands there.
struct SignatureView: View {
    private let key: String
    @State private var model: SignatureModel
    @State private var strokes: Strokes
    @Binding private var drafts: Drafts
    @Environment(\.dismiss) private var dismiss

    init(satchel: Satchel, signable: Signable, drafts: Binding<Drafts>) {
        let key = "sign.\(signable.subject)."
        self.key = key
        let drawn = Data(base64Encoded: drafts.wrappedValue[key + "strokes"]) ?? Data()
        _model = State(initialValue: SignatureModel(satchel, signable))
        _strokes = State(initialValue: Strokes(encoded: drawn))
        _drafts = drafts
    }

    private var relation: SignerRelation {
        let chosen = drafts[key + "relation"]
        return chosen.isEmpty ? .customer : SignerRelation(rawValue: chosen)
    }

    var body: some View {
        Form {
            MessageRow(acts: model.acts)
            Section(model.signable.title) {
                ForEach(model.shown?.lines ?? [], id: \.self) { line in
                    LabeledContent(line.name, value: line.value)
                }
            }
            Section("Who signs") {
                TextField("Name", text: $drafts[key + "name"]).textContentType(.name)
                Picker("Relation", selection: relationBinding) {
                    ForEach(SignerRelation.known, id: \.rawValue) { one in
                        Text(Words.title(one.rawValue)).tag(one.rawValue)
                    }
                }
            }
            Section("Signature") {
                SignaturePad(strokes: $strokes)
                HStack {
                    ActButton(title: "Clear") { strokes = Strokes() }
                    ActButton(title: "Sign", isLoud: true) { await sign() }.disabled(model.shown == nil)
                }
            }
        }
        .navigationTitle("Signature")
        .task { await model.load() }
        .onChange(of: strokes) { _, drawn in drafts[key + "strokes"] = drawn.encoded.base64EncodedString() }
    }

    private var relationBinding: Binding<String> {
        Binding(get: { relation.rawValue }, set: { drafts[key + "relation"] = $0 })
    }

    private func sign() async {
        let isSigned = await model.sign(name: drafts[key + "name"], relation: relation, strokes: strokes)
        if isSigned {
            drafts.forget(key)
            dismiss()
        }
    }
}

/// A pad for a finger or a pen.
struct SignaturePad: View {
    @Binding var strokes: Strokes

    var body: some View {
        GeometryReader { geometry in
            let lines = strokes.lines
            Canvas { context, size in
                for line in lines {
                    let style = StrokeStyle(lineWidth: 3, lineCap: .round, lineJoin: .round)
                    context.stroke(Self.path(line, size), with: .color(.primary), style: style)
                }
            }
            .contentShape(Rectangle())
            .gesture(
                DragGesture(minimumDistance: 0)
                    .onChanged { draw($0.location, geometry.size, begins: $0.translation == .zero) })
        }
        .frame(height: 220)
        .overlay(alignment: .bottom) { Divider().padding(.horizontal).padding(.bottom, 48) }
        .accessibilityElement()
        .accessibilityLabel("Signature pad")
        .accessibilityValue(strokes.isEmpty ? "Empty" : "Signed")
        .accessibilityAddTraits(.allowsDirectInteraction)
    }

    private func draw(_ location: CGPoint, _ size: CGSize, begins: Bool) {
        let at = Strokes.Point(x: share(location.x, size.width), y: share(location.y, size.height))
        if begins { strokes.begin(at) } else { strokes.lead(at) }
    }

    private func share(_ at: CGFloat, _ side: CGFloat) -> Int {
        let scale = CGFloat(Strokes.scale)
        return Int(min(max(at / max(side, 1) * scale, 0), scale))
    }

    /// Through the middles between points, so that it bends softly.
    nonisolated private static func path(_ line: [Strokes.Point], _ size: CGSize) -> Path {
        let scale = CGFloat(Strokes.scale)
        let points = line.map { CGPoint(x: CGFloat($0.x) / scale * size.width, y: CGFloat($0.y) / scale * size.height) }
        var path = Path()
        guard var last = points.first else { return path }
        path.move(to: last)
        if points.count == 1 { path.addLine(to: CGPoint(x: last.x + 1, y: last.y)) }
        for next in points.dropFirst() {
            path.addQuadCurve(to: CGPoint(x: (last.x + next.x) / 2, y: (last.y + next.y) / 2), control: last)
            last = next
        }
        path.addLine(to: last)
        return path
    }
}
#endif
