#if canImport(SwiftUI)
import FieldDay
import Satchel
import SwiftUI

/// The visits of a day: where a technician starts.
struct TodayView: View {
    @State private var model: TodayModel
    @SceneStorage("day.offset") private var offset = 0

    init(satchel: Satchel) { _model = State(initialValue: TodayModel(satchel)) }

    var body: some View {
        List {
            MessageRow(acts: model.acts)
            if let today = model.today {
                Section(today.summary) {
                    ForEach(today.visits) { visit in
                        NavigationLink(value: Route.visit(visit.id)) { VisitRow(visit: visit) }
                    }
                }
            }
        }
        .overlay {
            if model.today?.visits.isEmpty == true {
                ContentUnavailableView("No visits on this day.", systemImage: "calendar")
            }
        }
        .navigationTitle(model.today?.title ?? "Today")
        .toolbar {
            ToolbarItemGroup(placement: .primaryAction) {
                Button("Day before", systemImage: "chevron.left") { offset -= 1 }
                Button("Day after", systemImage: "chevron.right") { offset += 1 }
            }
        }
        .task(id: offset) { await model.follow(offset: offset) }
    }
}

/// One of them.
struct VisitRow: View {
    let visit: VisitCard

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            HStack {
                Text(visit.from + " – " + visit.until).fontWeight(.semibold)
                Spacer()
                if visit.isUrgent && !visit.isOver { MarkPill(mark: Mark("Urgent", .bad)) }
                MarkPill(mark: visit.mark)
            }
            Text(visit.title).font(.headline).foregroundStyle(visit.isOver ? Color.secondary : Color.primary)
            Text(visit.customer)
            Text(visit.address).font(.footnote).foregroundStyle(.secondary)
            if visit.answered.asked > 0 && !visit.isOver {
                ProgressView(value: Double(visit.answered.done), total: Double(visit.answered.asked)) {
                    Text("\(visit.answered.done) of \(visit.answered.asked) checked").font(.footnote)
                }
            }
        }
        .touchable()
        .accessibilityElement(children: .combine)
    }
}
#endif
