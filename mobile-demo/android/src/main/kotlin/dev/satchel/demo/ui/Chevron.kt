package dev.satchel.demo.ui

import android.graphics.Canvas
import android.graphics.ColorFilter
import android.graphics.Paint
import android.graphics.Path
import android.graphics.PixelFormat
import android.graphics.drawable.Drawable
import android.view.ViewGroup
import android.widget.ImageButton
import android.widget.LinearLayout

/** An arrow that is touched; [name] is for who cannot see it. */
fun ViewGroup.arrow(left: Boolean, name: String, onTap: () -> Unit): ImageButton = add(
    ImageButton(context).apply {
        contentDescription = name
        background = touchable(context.rounded(0))
        setImageDrawable(Chevron(left, context.dp(2.5f)))
        layoutParams = LinearLayout.LayoutParams(context.dp(Look.TOUCH), context.dp(Look.TOUCH))
        setOnClickListener { onTap() }
    },
)

private class Chevron(private val left: Boolean, private val pixels: Float) : Drawable() {
    private val pen = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        color = Look.ACCENT
        style = Paint.Style.STROKE
        strokeWidth = pixels
        strokeCap = Paint.Cap.ROUND
        strokeJoin = Paint.Join.ROUND
    }

    override fun draw(canvas: Canvas) {
        val (x, y) = bounds.exactCenterX() to bounds.exactCenterY()
        val (wide, high) = pixels * (if (left) 1.3f else -1.3f) to pixels * 2.6f
        canvas.drawPath(Path().apply { moveTo(x + wide, y - high); lineTo(x - wide, y); lineTo(x + wide, y + high) }, pen)
    }

    override fun setAlpha(alpha: Int) { pen.alpha = alpha }
    override fun setColorFilter(filter: ColorFilter?) { pen.colorFilter = filter }

    @Deprecated("What Android asks for.")
    override fun getOpacity(): Int = PixelFormat.TRANSLUCENT
    override fun getIntrinsicWidth(): Int = (pixels * 8).toInt()
    override fun getIntrinsicHeight(): Int = (pixels * 8).toInt()
}
