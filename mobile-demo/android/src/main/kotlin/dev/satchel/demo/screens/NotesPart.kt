package dev.satchel.demo.screens

import android.widget.LinearLayout
import dev.satchel.demo.model.NoteText
import dev.satchel.demo.ui.*
import java.util.UUID

/** The notes of a visit's job. One is written at a time; what others write meanwhile stays. */
class NotesPart(column: LinearLayout, private val desk: Desk) {
    private lateinit var notes: SlotList<NoteText>
    private lateinit var editor: Slot<String>

    init {
        column.card {
            heading("Notes")
            notes = slots(key = { it.id }) { note(it) }
            editor = slot(gap = 8) { editor(it) }
        }
        editor.show(desk.drafts[WHICH])
    }

    fun show(list: List<NoteText>) = notes.show(list)

    private fun LinearLayout.note(note: NoteText) {
        row(8) {
            column {
                label(note.title, bold = true)
                if (note.text.isNotEmpty()) label(note.text, Look.BODY, Look.QUIET)
            }.grow()
            button("Edit", Voice.PLAIN) {
                desk.drafts.forget(DRAFT)
                desk.drafts[WHICH] = note.id.toString()
                desk.drafts[TITLE] = note.title
                desk.drafts[BASE] = note.text
                desk.drafts[TEXT] = note.text
                editor.show(note.id.toString())
            }.contentDescription = "Edit ${note.title}"
        }
    }

    private fun LinearLayout.editor(which: String) {
        when (which) {
            "" -> button("Write a note") { open(NEW) }
            else -> {
                if (which == NEW) field("What is it about?", desk.drafts, TITLE) else label(desk.drafts[TITLE], bold = true)
                field("Note", desk.drafts, TEXT, lines = 4)
                row(8) {
                    button("Discard") { close() }.grow()
                    button("Save note", Voice.LOUD) { save(which) }.grow()
                }
            }
        }
    }

    private fun save(which: String) = desk.act(done = { close() }) {
        val drafts = desk.drafts
        if (which == NEW) writeNote(drafts[TITLE], drafts[TEXT])
        else changeNote(UUID.fromString(which), drafts[BASE], drafts[TEXT])
    }

    private fun open(which: String) {
        desk.drafts[WHICH] = which
        editor.show(which)
    }

    private fun close() {
        desk.drafts.forget(DRAFT)
        editor.show("")
    }

    private companion object {
        const val DRAFT = "note."
        const val WHICH = "note.which"
        const val TITLE = "note.title"
        const val BASE = "note.base"
        const val TEXT = "note.text"
        const val NEW = "new"
    }
}
