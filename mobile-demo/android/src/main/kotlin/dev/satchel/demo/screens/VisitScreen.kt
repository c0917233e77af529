package dev.satchel.demo.screens

import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import android.widget.TextView
import dev.satchel.Satchel
import dev.satchel.demo.model.*
import dev.satchel.demo.ui.*
import dev.satchel.model.DocumentKind
import dev.satchel.model.SubjectKind
import java.util.UUID

/** A visit: what it is about, and everything that is done on it. */
class VisitScreen : Screen() {
    private lateinit var title: TextView
    private lateinit var state: Slot<Mark>
    private lateinit var parts: Parts
    private lateinit var gone: Slot<Boolean>
    private lateinit var visit: UUID

    override fun onCreate(saved: Bundle?) {
        visit = UUID.fromString(intent.getStringExtra(VISIT))
        super.onCreate(saved)
    }

    override fun LinearLayout.head() {
        back()
        title = label("", Look.TITLE, bold = true).grow()
        title.maxLines = 2
        state = slot { pill(it) }
        getChildAt(childCount - 1).layoutParams = LinearLayout.LayoutParams(-2, -2)
    }

    override fun build(satchel: Satchel) {
        gone = page.slot { if (it) gone() }
        satchel.visit(visit).into { detail ->
            gone.show(detail == null)
            if (detail != null && !::parts.isInitialized) parts = Parts(satchel, detail.place)
            if (::parts.isInitialized) parts.show(detail)
        }
    }

    private fun LinearLayout.gone() {
        val text = "This visit is not on this phone any more. What you entered for it is in the outbox, if it was not sent."
        label(text, Look.BODY, Look.QUIET).apply {
            gravity = Gravity.CENTER
            setPadding(0, dp(72), 0, 0)
        }
    }

    /** Made once it is known where the visit belongs. */
    private inner class Parts(satchel: Satchel, place: Place) {
        private val work = VisitWork(satchel, place)
        private val desk = Desk(drafts, work) { done, task -> act(done, task) }
        private val column = page.column(Look.GAP) {}
        private val facts = column.slot<Facts> { facts(it) }
        private val steps: Slot<Way> = column.slot { stepsPart(it, desk) { again() } }
        private val signature = column.slot<SignatureState> { signaturePart(place, it) }
        private val checklist = ChecklistPart(column, desk)
        private val time = column.slot<TimeSheet> { timePart(it, desk) }
        private val materials = MaterialsPart(column, desk, satchel, scope)
        private val notes = NotesPart(column, desk)
        private val papers = column.slot<List<Paper>> { papersPart(place, it) }

        private fun again() = steps.again()

        fun show(detail: VisitDetail?) {
            column.visibility = if (detail == null) View.GONE else View.VISIBLE
            if (detail == null) return
            title.text = detail.facts.title
            state.show(detail.facts.mark)
            facts.show(detail.facts)
            steps.show(detail.way)
            signature.show(detail.signature)
            checklist.show(detail.questions, !detail.facts.over)
            time.show(detail.time)
            materials.show(detail.materials)
            notes.show(detail.notes)
            papers.show(detail.papers)
        }

        private fun LinearLayout.signaturePart(place: Place, signature: SignatureState) {
            when (signature) {
                SignatureState.NotYet -> Unit
                SignatureState.Possible -> button("Ask the customer to sign", Voice.LOUD) {
                    sign(place, SubjectKind.VISIT, place.visit, "The work of this visit")
                }
                is SignatureState.Signed -> card {
                    row {
                        label("Work signed by ${signature.by}, ${signature.at}").grow()
                        pill(Mark("Signed", Tone.GOOD))
                    }
                }
            }
        }

        private fun LinearLayout.papersPart(place: Place, papers: List<Paper>) {
            if (papers.isEmpty()) return
            card {
                heading("Papers")
                papers.forEach { paper(it, place) }
            }
        }

        private fun LinearLayout.paper(paper: Paper, place: Place) {
            row {
                label(paper.title).grow()
                pill(paper.mark)
            }
            if (!paper.open) return
            when (paper.kind) {
                DocumentKind.SIGNATURE -> button("Sign “${paper.title}”") {
                    sign(place, SubjectKind.REQUIRED_DOCUMENT, paper.id, paper.title)
                }
                DocumentKind.CHECKLIST -> paper.checklist?.let { checklist ->
                    button("Hand in the checklist") { act { work.handIn(paper.id, checklist) } }
                }
                DocumentKind.PHOTO -> label("Photos cannot be taken with this version yet.", Look.SMALL, Look.QUIET)
                else -> label("The office waits for this.", Look.SMALL, Look.QUIET)
            }
        }

        private fun sign(place: Place, kind: SubjectKind, subject: UUID, title: String) = go(SignatureScreen::class) {
            putExtra(SignatureScreen.JOB, place.job.toString())
            putExtra(SignatureScreen.KIND, kind.text)
            putExtra(SignatureScreen.SUBJECT, subject.toString())
            putExtra(SignatureScreen.TITLE, title)
        }
    }

    private fun LinearLayout.facts(facts: Facts) {
        card {
            row {
                column {
                    label(facts.customer, Look.TITLE, bold = true)
                    label(facts.window, Look.BODY, Look.QUIET)
                }.grow()
                facts.phone?.let { number ->
                    val dial = Intent(Intent.ACTION_DIAL, Uri.fromParts("tel", number, null))
                    button("Call") { startActivity(dial) }.contentDescription = "Call $number"
                }
            }
            label(facts.address)
            facts.access?.let { label(it, Look.SMALL, Tone.WARN.ink) }
            facts.equipment?.let { label(it, Look.SMALL, Look.QUIET) }
            if (facts.description.isNotEmpty()) label(facts.description, Look.SMALL, Look.QUIET)
            facts.outcome?.let { label("“$it”") }
        }
    }

    companion object {
        /** Extra: the visit's id. */
        const val VISIT: String = "visit"
    }
}
