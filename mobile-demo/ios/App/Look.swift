#if canImport(SwiftUI)
import FieldDay
import SwiftUI

/// The smallest side of what a finger hits, in points.
private let touchMin: CGFloat = 44

extension Tone {
    var color: Color {
        switch self {
        case .neutral: return .secondary
        case .accent: return .accentColor
        case .good: return .green
        case .warn: return .orange
        case .bad: return .red
        }
    }
}

extension View {
    /// Large enough for a finger, also where nothing is drawn.
    func touchable() -> some View { frame(minWidth: touchMin, minHeight: touchMin).contentShape(Rectangle()) }
}

/// A button that does something in the background.
struct ActButton: View {
    let title: String
    var isLoud = false
    var tone = Tone.accent
    let act: @MainActor () async -> Void

    var body: some View {
        if isLoud { button.buttonStyle(.borderedProminent) } else { button.buttonStyle(.bordered) }
    }

    private var button: some View {
        Button {
            Task { await act() }
        } label: {
            Text(title).fontWeight(.semibold).frame(maxWidth: .infinity, minHeight: touchMin)
        }
        .tint(tone.color)
    }
}

/// A state in a few words.
struct MarkPill: View {
    let mark: Mark

    var body: some View {
        Text(mark.text)
            .font(.footnote.weight(.semibold))
            .foregroundStyle(mark.tone.color)
            .padding(.horizontal, 10)
            .padding(.vertical, 4)
            .background(mark.tone.color.opacity(0.16), in: Capsule())
    }
}

/// Why the last tap did nothing.
struct MessageRow: View {
    let acts: Acts

    var body: some View {
        if let message = acts.message {
            HStack(alignment: .top) {
                Image(systemName: "exclamationmark.triangle.fill").accessibilityHidden(true)
                Text(message).frame(maxWidth: .infinity, alignment: .leading)
                Button("Dismiss", systemImage: "xmark") { acts.hush() }
                    .labelStyle(.iconOnly)
                    .buttonStyle(.borderless)
                    .touchable()
            }
            .foregroundStyle(Tone.bad.color)
        }
    }
}

/// A few lines to write in.
struct TextBox: View {
    let hint: String
    @Binding var text: String
    var lines = 1

    var body: some View {
        TextField(hint, text: $text, axis: lines > 1 ? .vertical : .horizontal)
            .lineLimit(lines...max(lines, 8))
            .textFieldStyle(.roundedBorder)
            .frame(minHeight: touchMin)
            .accessibilityLabel(hint)
    }
}
#endif
