package dev.satchel.demo.ui

import android.content.Context
import android.graphics.Typeface
import android.text.Editable
import android.text.InputType
import android.text.TextWatcher
import android.view.Gravity
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import dev.satchel.demo.model.Mark
import dev.satchel.demo.model.Tone

/** Views below each other. */
fun ViewGroup.column(gap: Int = 0, build: LinearLayout.() -> Unit): LinearLayout =
    add(stack(context, LinearLayout.VERTICAL, gap, build))

/** Views beside each other, centred. */
fun ViewGroup.row(gap: Int = Look.GAP, build: LinearLayout.() -> Unit): LinearLayout =
    add(stack(context, LinearLayout.HORIZONTAL, gap, build).apply { gravity = Gravity.CENTER_VERTICAL })

/** A white area with some air; with [stripe] its left edge tells a state. */
fun ViewGroup.card(stripe: Tone? = null, onTap: (() -> Unit)? = null, build: LinearLayout.() -> Unit): LinearLayout {
    val card = stack(context, LinearLayout.VERTICAL, 8, build)
    val ground = if (stripe == null) context.rounded(Look.CARD, line = Look.LINE) else context.striped(Look.CARD, stripe.solid)
    val edge = context.dp(Look.EDGE)
    card.background = if (onTap == null) ground else touchable(ground)
    card.setPadding(edge + if (stripe == null) 0 else context.dp(4), context.dp(14), edge, context.dp(14))
    if (onTap != null) card.setOnClickListener { onTap() }
    return add(card)
}

fun ViewGroup.label(
    text: CharSequence,
    size: Float = Look.BODY,
    color: Int = Look.INK,
    bold: Boolean = false,
): TextView = add(
    TextView(context).apply {
        this.text = text
        textSize = size
        setTextColor(color)
        setLineSpacing(0f, 1.1f)
        if (bold) typeface = Typeface.create("sans-serif-medium", Typeface.NORMAL)
    },
)

/** A heading above a card's contents, with something quiet at its right. */
fun ViewGroup.heading(text: String, aside: String = ""): LinearLayout = row {
    label(text, Look.TITLE, bold = true).grow()
    if (aside.isNotEmpty()) label(aside, Look.SMALL, Look.QUIET)
}

/** A state in its colour. */
fun ViewGroup.pill(mark: Mark): TextView = label(mark.text, Look.SMALL, mark.tone.ink, bold = true).apply {
    background = context.rounded(mark.tone.wash, radius = 14f)
    setPadding(context.dp(10), context.dp(3), context.dp(10), context.dp(4))
    maxLines = 1
}

/** How loud a button is. */
enum class Voice { LOUD, CLEAR, PLAIN }

fun ViewGroup.button(
    text: String,
    voice: Voice = Voice.CLEAR,
    enabled: Boolean = true,
    tone: Tone = Tone.ACCENT,
    onTap: () -> Unit,
): Button = add(
    Button(context).apply {
        this.text = text
        textSize = Look.BODY
        isAllCaps = false
        isEnabled = enabled
        stateListAnimator = null
        typeface = Typeface.create("sans-serif-medium", Typeface.NORMAL)
        minHeight = context.dp(Look.TOUCH)
        minimumHeight = context.dp(Look.TOUCH)
        minWidth = context.dp(Look.TOUCH)
        minimumWidth = context.dp(Look.TOUCH)
        setPadding(context.dp(14), 0, context.dp(14), 0)
        val (ground, ink) = when {
            !enabled && voice == Voice.PLAIN -> context.rounded(0) to Look.FAINT
            !enabled -> context.rounded(0xFFEDF0EF.toInt()) to Look.FAINT
            voice == Voice.LOUD -> context.rounded(tone.solid) to Look.ON_ACCENT
            voice == Voice.CLEAR -> context.rounded(Look.CARD, line = tone.solid) to tone.ink
            else -> context.rounded(0) to tone.ink
        }
        background = touchable(ground)
        setTextColor(ink)
        setOnClickListener { onTap() }
    },
)

/** One of several, of which one is chosen. */
fun ViewGroup.choice(text: String, chosen: Boolean, onTap: () -> Unit): Button {
    val voice = if (chosen) Voice.LOUD else Voice.CLEAR
    return button(text, voice, tone = if (chosen) Tone.ACCENT else Tone.NEUTRAL, onTap = onTap).apply { isSelected = chosen }
}

/** Something to write in, with what is typed kept in [drafts] under [name]; [about] is for who cannot see what it is about. */
fun ViewGroup.field(
    hint: String,
    drafts: Drafts,
    name: String,
    lines: Int = 1,
    kind: Int = InputType.TYPE_CLASS_TEXT,
    about: String = hint,
): EditText = add(
    EditText(context).apply {
        this.hint = hint
        contentDescription = about
        textSize = Look.BODY
        setTextColor(Look.INK)
        setHintTextColor(Look.FAINT)
        background = context.rounded(Look.CARD, line = Look.FAINT)
        minHeight = context.dp(Look.TOUCH)
        setPadding(context.dp(14), context.dp(10), context.dp(14), context.dp(10))
        inputType = kind or if (lines > 1) InputType.TYPE_TEXT_FLAG_MULTI_LINE or InputType.TYPE_TEXT_FLAG_CAP_SENTENCES else 0
        minLines = lines
        if (lines > 1) gravity = Gravity.TOP
        isSaveEnabled = false
        setText(drafts[name])
        setSelection(text.length)
        addTextChangedListener(Typed { drafts[name] = it })
    },
)

/** A thin line that tells a share. */
fun ViewGroup.bar(done: Int, of: Int): View = add(
    LinearLayout(context).apply {
        background = context.rounded(Look.LINE, radius = 3f)
        weightSum = of.toFloat()
        val color = if (done == of) Tone.GOOD.solid else Look.ACCENT
        val part = View(context).apply { background = context.rounded(color, radius = 3f) }
        addView(part, LinearLayout.LayoutParams(0, MATCH_PARENT, done.toFloat()))
        layoutParams = LinearLayout.LayoutParams(MATCH_PARENT, context.dp(6))
    },
)

/** Takes the room that is left beside others. */
fun <V : View> V.grow(): V = apply {
    layoutParams = LinearLayout.LayoutParams(0, WRAP_CONTENT, 1f)
}

internal fun stack(context: Context, direction: Int, gap: Int, build: LinearLayout.() -> Unit): LinearLayout =
    LinearLayout(context).apply {
        orientation = direction
        if (gap > 0) {
            showDividers = LinearLayout.SHOW_DIVIDER_MIDDLE
            dividerDrawable = Gap(context.dp(gap))
        }
        build()
    }

/** Adds, as wide as its parent where that is a column. */
fun <V : View> ViewGroup.add(view: V): V {
    if (view.layoutParams == null) {
        val width = if ((this as? LinearLayout)?.orientation == LinearLayout.HORIZONTAL) WRAP_CONTENT else MATCH_PARENT
        view.layoutParams = LinearLayout.LayoutParams(width, WRAP_CONTENT)
    }
    addView(view)
    return view
}

/** Room between two views. */
private class Gap(private val pixels: Int) : android.graphics.drawable.ColorDrawable(0) {
    override fun getIntrinsicWidth(): Int = pixels
    override fun getIntrinsicHeight(): Int = pixels
}

private class Typed(private val onText: (String) -> Unit) : TextWatcher {
    override fun beforeTextChanged(text: CharSequence, start: Int, count: Int, after: Int) = Unit
    override fun onTextChanged(text: CharSequence, start: Int, before: Int, count: Int) = Unit
    override fun afterTextChanged(text: Editable) = onText(text.toString())
}
