package dev.satchel.demo.screens

import android.text.Editable
import android.text.TextWatcher
import android.view.View
import android.widget.LinearLayout
import dev.satchel.Satchel
import dev.satchel.SatchelException
import dev.satchel.demo.model.*
import dev.satchel.demo.ui.*
import java.math.BigDecimal
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch

/** Material used on a visit, and a search in the pricebook. */
class MaterialsPart(
    column: LinearLayout,
    private val desk: Desk,
    private val satchel: Satchel,
    private val scope: CoroutineScope,
) {
    private val card = column.column {}
    private lateinit var lines: SlotList<Pair<MaterialLine, Boolean>>
    private lateinit var finder: Slot<Boolean>
    private var found: Slot<List<Offer>>? = null
    private var searching: Job? = null

    fun show(materials: Materials) {
        val nothing = !materials.enabled && materials.lines.isEmpty()
        card.visibility = if (nothing) View.GONE else View.VISIBLE
        if (nothing) return
        if (card.childCount == 0) card.card {
            heading("Materials")
            lines = slots(key = { it.first.id }) { (line, enabled) -> line(line, enabled) }
            finder = slot(gap = 8) { enabled -> if (enabled) finder() }
        }
        lines.show(materials.lines.map { it to materials.enabled })
        finder.show(materials.enabled)
    }

    private fun LinearLayout.line(line: MaterialLine, enabled: Boolean) {
        row(8) {
            column {
                label(line.name, bold = true)
                label("${quantity(line.quantity, line.unit)} · ${line.price}", Look.SMALL, Look.QUIET)
            }.grow()
            if (enabled) {
                change("–", "One less ${line.name}", line, (line.quantity - BigDecimal.ONE).max(BigDecimal.ZERO))
                change("+", "One more ${line.name}", line, line.quantity + BigDecimal.ONE)
            }
        }
    }

    private fun LinearLayout.change(sign: String, name: String, line: MaterialLine, to: BigDecimal) {
        button(sign, tone = Tone.NEUTRAL) { desk.act { correctMaterial(line.id, to) } }.contentDescription = name
    }

    private fun LinearLayout.finder() {
        val search = field("Search the pricebook", desk.drafts, SEARCH)
        search.addTextChangedListener(Searched { search() })
        found = slot(gap = 0) { offers -> offers.forEach { offer(it) } }
        search()
    }

    private fun LinearLayout.offer(offer: Offer) {
        row(8) {
            column {
                label(offer.name)
                label(offer.detail, Look.SMALL, Look.QUIET)
            }.grow()
            button("Add", Voice.PLAIN) {
                desk.act(done = { desk.drafts.forget(SEARCH); finder.again() }) { addMaterial(offer.id, BigDecimal.ONE) }
            }.contentDescription = "Add ${offer.name}"
        }
    }

    /** The newest search only. */
    private fun search() {
        searching?.cancel()
        searching = scope.launch {
            val offers = try {
                satchel.offers(desk.drafts[SEARCH], satchel.who()?.currency.orEmpty())
            } catch (_: SatchelException) {
                // Signed out meanwhile, or closing: there is nothing to find, and the screen is led away.
                emptyList()
            }
            found?.show(offers)
        }
    }

    private class Searched(private val onChange: () -> Unit) : TextWatcher {
        override fun beforeTextChanged(text: CharSequence, start: Int, count: Int, after: Int) = Unit
        override fun onTextChanged(text: CharSequence, start: Int, before: Int, count: Int) = Unit
        override fun afterTextChanged(text: Editable) = onChange()
    }

    private companion object {
        const val SEARCH = "search"
    }
}
