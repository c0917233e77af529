package dev.satchel.demo.ui

import android.content.Context
import android.content.res.ColorStateList
import android.graphics.drawable.Drawable
import android.graphics.drawable.GradientDrawable
import android.graphics.drawable.LayerDrawable
import android.graphics.drawable.RippleDrawable
import dev.satchel.demo.model.Tone

/** Colours and measures: dark text on light, one accent, and four tones that mean something. */
object Look {
    const val PAPER: Int = 0xFFF3F5F4.toInt()
    const val CARD: Int = 0xFFFFFFFF.toInt()
    const val INK: Int = 0xFF15201E.toInt()
    const val QUIET: Int = 0xFF566461.toInt()
    const val FAINT: Int = 0xFF97A3A0.toInt()
    const val LINE: Int = 0xFFDCE3E1.toInt()
    const val ACCENT: Int = 0xFF00695C.toInt()
    const val ON_ACCENT: Int = 0xFFFFFFFF.toInt()

    /** Text sizes in sp. */
    const val DISPLAY: Float = 26f
    const val TITLE: Float = 19f
    const val BODY: Float = 16f
    const val SMALL: Float = 14f

    /** The least height and width of what is touched, in dp. */
    const val TOUCH: Int = 48
    const val EDGE: Int = 16
    const val GAP: Int = 12
    const val RADIUS: Float = 12f
}

/** Of text on [wash]. */
val Tone.ink: Int
    get() = when (this) {
        Tone.NEUTRAL -> 0xFF46524F.toInt()
        Tone.ACCENT -> 0xFF00574C.toInt()
        Tone.GOOD -> 0xFF1B6B2D.toInt()
        Tone.WARN -> 0xFF7A4B00.toInt()
        Tone.BAD -> 0xFFA11B1B.toInt()
    }

/** Behind text. */
val Tone.wash: Int
    get() = when (this) {
        Tone.NEUTRAL -> 0xFFE7ECEA.toInt()
        Tone.ACCENT -> 0xFFD8EFEB.toInt()
        Tone.GOOD -> 0xFFDDF2E0.toInt()
        Tone.WARN -> 0xFFFFECC7.toInt()
        Tone.BAD -> 0xFFFBE0DE.toInt()
    }

/** Of stripes and dots. */
val Tone.solid: Int
    get() = when (this) {
        Tone.NEUTRAL -> 0xFFA9B5B2.toInt()
        Tone.ACCENT -> Look.ACCENT
        Tone.GOOD -> 0xFF2E9B47.toInt()
        Tone.WARN -> 0xFFE39A14.toInt()
        Tone.BAD -> 0xFFD03A36.toInt()
    }

/** Density-independent pixels as pixels. */
fun Context.dp(value: Int): Int = (dp(value.toFloat()) + 0.5f).toInt()

/** The same, for pens. */
fun Context.dp(value: Float): Float = value * resources.displayMetrics.density

/** A rounded area. */
fun Context.rounded(fill: Int, radius: Float = Look.RADIUS, line: Int? = null): GradientDrawable = GradientDrawable().apply {
    setColor(fill)
    cornerRadius = radius * resources.displayMetrics.density
    if (line != null) setStroke(dp(1), line)
}

/** A rounded area with a coloured left edge. */
fun Context.striped(fill: Int, stripe: Int): Drawable {
    val below = rounded(stripe)
    val above = rounded(fill, line = Look.LINE)
    return LayerDrawable(arrayOf(below, above)).apply {
        // Only its left end is seen.
        setLayerInset(0, 0, 0, dp(40), 0)
        setLayerInset(1, dp(5), 0, 0, 0)
    }
}

/** With a ripple where it is touched. */
fun touchable(content: Drawable): Drawable = RippleDrawable(ColorStateList.valueOf(0x22000000), content, null)
