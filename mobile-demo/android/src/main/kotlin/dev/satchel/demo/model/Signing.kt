package dev.satchel.demo.model

import dev.satchel.Bytes
import dev.satchel.Satchel
import dev.satchel.model.CaptureSignature
import dev.satchel.model.MaterialUsed
import dev.satchel.model.PricebookItem
import dev.satchel.model.SignerRelation
import dev.satchel.model.SubjectKind
import dev.satchel.model.Visit
import java.nio.ByteBuffer
import java.util.UUID

/** What is signed: a visit's work, or a document that asks for it. */
data class Subject(val kind: SubjectKind, val id: UUID)

/** What the signer is shown, and the hash of the document that says the same. */
data class Shown(val lines: List<Pair<String, String>>, val hash: ByteArray)

/** The subject as it stands on this phone. */
suspend fun Satchel.shown(subject: Subject): Shown {
    val document = signingDocument(subject.kind, subject.id)
    return Shown(if (subject.kind == SubjectKind.VISIT) work(subject.id) else emptyList(), document.hash)
}

private suspend fun Satchel.work(id: UUID): List<Pair<String, String>> {
    val visit = first(Visit.byId(id)) ?: return emptyList()
    val materials = read(MaterialUsed.byVisit(id)).map { used ->
        "Material" to "${quantity(used.quantity, first(PricebookItem.byId(used.itemId))?.unit.orEmpty())} ${used.name}"
    }
    return listOfNotNull("Work" to mark(visit.state).text, visit.outcome?.let { "Outcome" to it }) + materials
}

/** Keeps [strokes] as [signer]'s signature on the subject as it stands; what was shown must be what stands, or it is refused. */
suspend fun Satchel.sign(job: UUID, subject: Subject, shown: Shown, signer: String, relation: SignerRelation, strokes: Strokes) {
    mutate(
        CaptureSignature(
            jobId = job,
            signatureId = UUID.randomUUID(),
            subjectKind = subject.kind,
            subjectId = subject.id,
            documentHash = Bytes(shown.hash),
            signerName = signer.trim(),
            signerRelation = relation,
            strokes = Bytes(strokes.encoded()),
        ),
    )
}

/**
 * A pen's way: strokes of points, in thousandths of the pad's width and height.
 *
 * Encoded as the number of strokes, and for each the number of its points and the points, x before y: all as unsigned
 * 16-bit numbers, high byte first.
 */
class Strokes(val lines: List<List<Point>> = emptyList()) {
    data class Point(val x: Int, val y: Int)

    val isEmpty: Boolean get() = lines.isEmpty()

    /** With a new stroke that begins there. */
    fun begun(at: Point): Strokes = if (size + 2 > MOST) this else Strokes(lines + listOf(listOf(at)))

    /** With the last stroke led on; a signature that is full stays as it is. */
    fun led(to: Point): Strokes {
        val last = lines.lastOrNull() ?: return begun(to)
        return if (size + 1 > MOST || last.last() == to) this else Strokes(lines.dropLast(1) + listOf(last + to))
    }

    fun encoded(): ByteArray {
        if (isEmpty) return ByteArray(0)
        val buffer = ByteBuffer.allocate(2 + lines.sumOf { 2 + 4 * it.size })
        buffer.putShort(lines.size.toShort())
        for (line in lines) {
            buffer.putShort(line.size.toShort())
            for (point in line) buffer.putShort(point.x.toShort()).putShort(point.y.toShort())
        }
        return buffer.array()
    }

    private val size: Int get() = lines.sumOf { it.size + 1 }

    companion object {
        /** The pad's width and height. */
        const val SCALE: Int = 1_000

        /** Points and strokes of one signature: below the 65,536 bytes that are taken. */
        const val MOST: Int = 8_000

        /** Reads [encoded] back; nothing where it is none. */
        fun decoded(encoded: ByteArray?): Strokes {
            if (encoded == null || encoded.isEmpty()) return Strokes()
            val buffer = ByteBuffer.wrap(encoded)
            fun number() = buffer.short.toInt() and 0xFFFF
            return Strokes(List(number()) { List(number()) { Point(number(), number()) } })
        }
    }
}
