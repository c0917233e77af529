package dev.satchel.demo.ui

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.graphics.Path
import android.view.MotionEvent
import android.view.View
import dev.satchel.demo.model.Strokes

/** Where a customer signs with a finger. */
class SignaturePad(context: Context, strokes: Strokes, private val onChange: (Strokes) -> Unit) : View(context) {
    /** What was drawn. */
    var strokes: Strokes = strokes
        private set

    private val pen = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        color = Look.INK
        style = Paint.Style.STROKE
        strokeWidth = context.dp(3).toFloat()
        strokeCap = Paint.Cap.ROUND
        strokeJoin = Paint.Join.ROUND
    }
    private val rule = Paint().apply {
        color = Look.FAINT
        strokeWidth = context.dp(1).toFloat()
    }

    init {
        background = context.rounded(Look.CARD, line = Look.FAINT)
        contentDescription = "Signature pad"
        isFocusable = true
    }

    /** Takes the ink away. */
    fun clear() = change(Strokes())

    override fun onTouchEvent(event: MotionEvent): Boolean {
        when (event.actionMasked) {
            MotionEvent.ACTION_DOWN -> {
                // The page below does not scroll meanwhile.
                parent?.requestDisallowInterceptTouchEvent(true)
                change(strokes.begun(point(event.x, event.y)))
            }
            MotionEvent.ACTION_MOVE -> {
                val past = (0 until event.historySize).map { point(event.getHistoricalX(it), event.getHistoricalY(it)) }
                change((past + point(event.x, event.y)).fold(strokes, Strokes::led))
            }
            MotionEvent.ACTION_UP -> performClick()
        }
        return true
    }

    override fun performClick(): Boolean = super.performClick() || true

    override fun onDraw(canvas: Canvas) {
        super.onDraw(canvas)
        val edge = context.dp(Look.EDGE).toFloat()
        val base = height * 0.78f
        canvas.drawLine(edge, base, width - edge, base, rule)
        for (line in strokes.lines) canvas.drawPath(path(line), pen)
    }

    /** Through the middles between points, so that it bends softly. */
    private fun path(line: List<Strokes.Point>): Path = Path().apply {
        var (x, y) = at(line.first())
        moveTo(x, y)
        if (line.size == 1) lineTo(x + 1, y)
        for (point in line.drop(1)) {
            val (nextX, nextY) = at(point)
            quadTo(x, y, (x + nextX) / 2, (y + nextY) / 2)
            x = nextX
            y = nextY
        }
        lineTo(x, y)
    }

    private fun at(point: Strokes.Point): Pair<Float, Float> =
        point.x * width / Strokes.SCALE.toFloat() to point.y * height / Strokes.SCALE.toFloat()

    private fun point(x: Float, y: Float): Strokes.Point = Strokes.Point(share(x, width), share(y, height))

    private fun share(at: Float, of: Int): Int = (at * Strokes.SCALE / of.coerceAtLeast(1)).toInt().coerceIn(0, Strokes.SCALE)

    private fun change(to: Strokes) {
        strokes = to
        onChange(to)
        invalidate()
    }
}
