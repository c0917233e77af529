package dev.satchel

import dev.satchel.model.*
import java.time.Instant
import kotlin.time.Duration.Companion.days
import kotlin.time.toJavaDuration
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What goes to other people: refused work, unsent work, reports. */
class OfficeTest {
    private suspend fun Satchel.openVisit(): Visit =
        checkNotNull(first(Visit.where("state = ?1 order by window_start", VisitState.DISPATCHED)))

    @Test
    fun `what is refused goes to the office, and the decision is told`() = runBlocking {
        withTechnician(2) { phone ->
            val visit = phone.openVisit()
            phone.setNetwork(false)
            val key = phone.mutate(AcceptVisit(visit.jobId, visit.id)).key
            assertEquals(1UL, phone.receipts(visit.id).captured)
            Contractor.office("visit/v1/cancel", CancelVisit(jobId = visit.jobId, visitId = visit.id, reason = "Called off.").json())
            phone.setNetwork(true)
            withTimeout(PATIENCE) { phone.watchAttention().first { it.isNotEmpty() } }
            assertEquals(1UL, phone.receipts(visit.id, visit.jobId).refused)
            phone.handOver(key, "I was there.")
            withTimeout(PATIENCE) { phone.watchAttention().first { list -> list.single().withOffice } }
            assertTrue(phone.syncOnce(PATIENCE).complete)
            Contractor.office("inbox/v1/dismiss", buildJsonObject {
                put("key", "$key")
                put("note", "Paid anyway.")
            })
            withTimeout(PATIENCE) { phone.watchAttention().first { it.isEmpty() } }
            val past = phone.history().first { it.key == key }
            assertEquals(Settlement(Decision.DISMISSED, "Paid anyway."), past.settlement)
        }
    }

    @Test
    fun `unsent work leaves as a file, a day knows whether it is here, and a report how things stand`() = runBlocking {
        withTechnician(0) { phone ->
            val now = Instant.now()
            val day = phone.day(now - 2.days.toJavaDuration(), now + 2.days.toJavaDuration())
            assertTrue(day.complete && day.visits.isNotEmpty(), "$day")
            assertEquals(emptyList<Need>(), day.visits.flatMap { it.missing })
            phone.setNetwork(false)
            val visit = phone.openVisit()
            val key = phone.mutate(AcceptVisit(visit.jobId, visit.id)).key
            val sealed = phone.exportRescue(RescueLock.Passphrase("correct horse"))
            val wrong = assertThrows<SatchelException.RescueRefused> {
                runBlocking { phone.importRescue(sealed, RescueKey.Passphrase("wrong horse")) }
            }
            assertTrue(wrong.explanation.isNotBlank())
            assertEquals(TakenIn(0UL, 1UL), phone.importRescue(sealed, RescueKey.Passphrase("correct horse")))
            val report = phone.report()
            assertNotNull(report.deviceId)
            assertEquals(1UL, report.queue?.pending?.count)
            val json = Json.parseToJsonElement(report.json).jsonObject
            assertEquals(report.libraryVersion, json.getValue("library_version").jsonPrimitive.content)
            phone.undo(key)
        }
    }
}
