package dev.satchel.demo.ui

import android.view.View
import android.view.ViewGroup
import android.widget.LinearLayout

/** A part of a screen that is built anew only when what it shows has changed, so that nothing flickers while one types. */
class Slot<T>(private val place: LinearLayout, private val build: LinearLayout.(T) -> Unit) {
    private var shown: Any? = NOTHING

    fun show(value: T) {
        if (shown == value) return
        shown = value
        fill(value)
    }

    /** Builds what is shown once more. */
    @Suppress("UNCHECKED_CAST")
    fun again() {
        if (shown === NOTHING) return
        fill(shown as T)
    }

    private fun fill(value: T) {
        place.removeAllViews()
        place.build(value)
        place.visibility = if (place.childCount == 0) View.GONE else View.VISIBLE
    }

    private companion object {
        val NOTHING = Any()
    }
}

fun <T> ViewGroup.slot(gap: Int = Look.GAP, build: LinearLayout.(T) -> Unit): Slot<T> = Slot(column(gap) {}, build)

/** A list whose entries are built anew one by one. */
class SlotList<T>(private val place: LinearLayout, private val key: (T) -> Any, private val build: LinearLayout.(T) -> Unit) {
    private val shown = LinkedHashMap<Any, Pair<T, View>>()

    fun show(values: List<T>) {
        val before = HashMap(shown)
        shown.clear()
        for (value in values) {
            val old = before[key(value)]
            val view = old?.takeIf { it.first == value }?.second ?: entry(value)
            shown[key(value)] = value to view
        }
        val wanted = shown.values.map { it.second }
        if (wanted == (0 until place.childCount).map(place::getChildAt)) return
        place.removeAllViews()
        wanted.forEach(place::addView)
        place.visibility = if (wanted.isEmpty()) View.GONE else View.VISIBLE
    }

    private fun entry(value: T): View = stack(place.context, LinearLayout.VERTICAL, 6) { build(value) }.apply {
        layoutParams = LinearLayout.LayoutParams(ViewGroup.LayoutParams.MATCH_PARENT, ViewGroup.LayoutParams.WRAP_CONTENT)
    }

    /** Builds one entry once more. */
    fun again(of: Any) {
        val (value, view) = shown[of] ?: return
        (view as LinearLayout).removeAllViews()
        view.build(value)
    }
}

fun <T> ViewGroup.slots(gap: Int = Look.GAP, key: (T) -> Any, build: LinearLayout.(T) -> Unit): SlotList<T> =
    SlotList(column(gap) {}, key, build)
