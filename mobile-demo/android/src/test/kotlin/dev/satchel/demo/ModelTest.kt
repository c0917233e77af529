package dev.satchel.demo

import dev.satchel.demo.model.Step
import dev.satchel.demo.model.Strokes
import dev.satchel.demo.model.count
import dev.satchel.demo.model.money
import dev.satchel.demo.model.quantity
import dev.satchel.demo.model.what
import java.io.File
import java.util.UUID
import javax.xml.parsers.DocumentBuilderFactory
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** What needs neither a phone nor a server. */
class ModelTest {
    private val repository = File(System.getProperty("satchel.repository"))

    @Test
    fun `steps are the state machine's`() {
        val page = repository.resolve("docs/state-machines.md").readText().substringAfter("## visit").substringBefore("## job")
        val moves = Regex("""\| (\w+) \| ([\w ]+) \| (\w+) \|""").findAll(page).map { it.destructured }
            .filter { (_, what) -> what != "when" }
            .map { (from, what, to) -> Triple(from, what, to) }
            .filter { (_, what) -> what !in setOf("dispatched", "canceled", "taken back") }.toSet()
        val here = Step.entries.flatMap { step -> step.from.map { Triple(it.text, WORDS.getValue(step), step.to.text) } }.toSet()
        assertEquals(moves, here)
    }

    @Test
    fun `the manifest names every screen`() {
        val manifest = repository.resolve("mobile-demo/android/app/src/main/AndroidManifest.xml")
        val document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(manifest)
        val named = document.getElementsByTagName("activity").let { list ->
            (0 until list.length).map { list.item(it).attributes.getNamedItem("android:name").nodeValue }
        }
        val screens = repository.resolve("mobile-demo/android/src/main/kotlin/dev/satchel/demo/screens").listFiles().orEmpty()
            .map { it.nameWithoutExtension }.filter { it.endsWith("Screen") && it != "Screen" }
        assertEquals(screens.map { ".screens.$it" }.toSet(), named.toSet())
        assertTrue(named.size >= 6)
    }

    @Test
    fun `strokes are read back as they were drawn`() {
        var strokes = Strokes().begun(Strokes.Point(0, 1_000)).led(Strokes.Point(500, 2)).begun(Strokes.Point(7, 8))
        assertEquals(strokes.lines, Strokes.decoded(strokes.encoded()).lines)
        assertEquals(0, Strokes().encoded().size)
        repeat(100_000) { strokes = strokes.led(Strokes.Point(it % 1_000, it % 999)) }
        assertTrue(strokes.encoded().size <= 65_536)
    }

    @Test
    fun `figures and names read as people write them`() {
        assertEquals("$1,234.50", money(123_450, "USD"))
        assertEquals("0.05 CHF", money(5, "CHF"))
        assertEquals("2.5 foot", quantity("2.500".toBigDecimal(), "foot"))
        assertEquals("10", quantity("10.000".toBigDecimal(), ""))
        assertEquals("1 change, 2 changes", count(1, "change") + ", " + count(2, "change"))
        assertEquals("Set out", what("visit/v1/travel"))
        assertEquals("Cancel job", what("job/v1/cancel"))
    }

    private companion object {
        val WORDS = mapOf(
            Step.ACCEPT to "accepted",
            Step.TRAVEL to "traveled to",
            Step.ARRIVE to "started",
            Step.PAUSE to "paused",
            Step.RESUME to "resumed",
            Step.COMPLETE to "completed",
            Step.COMPLETE_PARTIALLY to "completed in part",
            Step.CANNOT_COMPLETE_IT to "reported as impossible to complete",
            Step.DECLINE to "declined",
        )
    }
}
