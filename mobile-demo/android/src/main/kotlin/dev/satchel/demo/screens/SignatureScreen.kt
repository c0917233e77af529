package dev.satchel.demo.screens

import android.text.InputType
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.LinearLayout
import dev.satchel.Satchel
import dev.satchel.demo.model.Shown
import dev.satchel.demo.model.Strokes
import dev.satchel.demo.model.Subject
import dev.satchel.demo.model.Tone
import dev.satchel.demo.model.plain
import dev.satchel.demo.model.shown
import dev.satchel.demo.model.sign
import dev.satchel.demo.ui.*
import dev.satchel.model.SignerRelation
import dev.satchel.model.SubjectKind
import java.util.UUID

/** Where the customer signs what stands there. */
class SignatureScreen : Screen() {
    private lateinit var relations: Slot<SignerRelation>
    private val subject: Subject
        get() = Subject(SubjectKind(intent.getStringExtra(KIND).orEmpty()), UUID.fromString(intent.getStringExtra(SUBJECT)))

    private var relation: SignerRelation
        get() = SignerRelation(drafts["relation"].ifEmpty { SignerRelation.CUSTOMER.text })
        set(chosen) { drafts["relation"] = chosen.text }

    override fun LinearLayout.head() {
        back()
        label("Signature", Look.TITLE, bold = true).grow()
    }

    override fun build(satchel: Satchel) {
        page.column(Look.GAP) {
            label(intent.getStringExtra(TITLE).orEmpty(), Look.TITLE, bold = true)
            val shown = slot<Shown?> { document -> document?.let { facts(it) } }
            field("Name", drafts, NAME, kind = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PERSON_NAME)
            relations = slot(gap = 8) { relations(it) }
            relations.show(relation)
            val pad = SignaturePad(context, Strokes.decoded(drafts.bytes(STROKES))) { drafts.keep(STROKES, it.encoded()) }
            pad.layoutParams = LinearLayout.LayoutParams(MATCH_PARENT, dp(220))
            add(pad)
            // Nothing can be signed that was not shown.
            val buttons = slot<Shown?> { seen ->
                row(8) {
                    button("Clear") { pad.clear() }.grow()
                    button("Sign", Voice.LOUD, enabled = seen != null) { seen?.let { sign(satchel, it, pad) } }.grow()
                }
            }
            buttons.show(null)
            act {
                val document = satchel.shown(subject)
                shown.show(document)
                buttons.show(document)
            }
        }
    }

    private fun sign(satchel: Satchel, seen: Shown, pad: SignaturePad) {
        if (isBusy) return
        act(done = { finish() }) {
            val job = UUID.fromString(intent.getStringExtra(JOB))
            satchel.sign(job, subject, seen, drafts[NAME], relation, pad.strokes)
        }
    }

    private fun LinearLayout.facts(document: Shown) {
        if (document.lines.isEmpty()) return
        card {
            for ((name, value) in document.lines) {
                row {
                    label(name, Look.SMALL, Look.QUIET).layoutParams = LinearLayout.LayoutParams(dp(90), WRAP_CONTENT)
                    label(value).grow()
                }
            }
        }
    }

    private fun LinearLayout.relations(chosen: SignerRelation) {
        for (line in SignerRelation.known.chunked(3)) row(8) {
            for (one in line) {
                val name = plain(one.text).replaceFirstChar(Char::uppercase).replace("Property manager", "Manager")
                choice(name, one == chosen) {
                    relation = one
                    relations.show(one)
                }.grow().apply { textSize = Look.SMALL; setPadding(0, 0, 0, 0) }
            }
        }
    }

    companion object {
        /** Extras: the job's id, the kind and id of what is signed, and what to call it. */
        const val JOB: String = "job"
        const val KIND: String = "kind"
        const val SUBJECT: String = "subject"
        const val TITLE: String = "title"
        private const val NAME = "name"
        private const val STROKES = "strokes"
    }
}
