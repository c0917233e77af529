package dev.satchel

import dev.satchel.model.*
import java.math.BigDecimal
import java.util.UUID
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** What an app does all day, typed. */
class LibraryTest {
    /** A visit the technician can accept. */
    private suspend fun Satchel.openVisit(): Visit =
        checkNotNull(first(Visit.where("state = ?1 order by window_start", VisitState.DISPATCHED)))

    @Test
    fun `typed mutations change typed rows, and queries follow`() = runBlocking {
        withTechnician(1) { phone ->
            phone.stop()
            val visit = phone.openVisit()
            val seen = Channel<Visit>(Channel.UNLIMITED)
            val watching = launch { phone.watch(Visit.byId(visit.id)).collect { rows -> rows.forEach { seen.send(it) } } }
            assertEquals(visit, withTimeout(PATIENCE) { seen.receive() })

            val done = phone.mutate(AcceptVisit(visit.jobId, visit.id))
            assertEquals(VisitState.ACCEPTED, done.output?.state)
            assertEquals(VisitState.ACCEPTED, withTimeout(PATIENCE) { seen.receive() }.state)
            assertEquals(listOf(done.key), phone.queue().map { it.key })
            assertTrue(phone.read(Visit.byJob(visit.jobId)).any { it.id == visit.id && it.state == VisitState.ACCEPTED })

            // Nothing was sent, so that it can be taken back.
            phone.undo(done.key)
            assertEquals(VisitState.DISPATCHED, withTimeout(PATIENCE) { seen.receive() }.state)
            watching.cancel()
        }
    }

    @Test
    fun `decimals, instants, booleans and cents arrive as such`() = runBlocking {
        withTechnician(1) { phone ->
            phone.stop()
            val visit = phone.openVisit()
            val item = checkNotNull(
                phone.first(PricebookItem.where("kind = ?1 and active = ?2 order by code", PricebookKind.MATERIAL, true)),
            )
            assertTrue(item.active && item.priceCents > 0)
            phone.mutate(AcceptVisit(visit.jobId, visit.id))
            phone.mutate(TravelToVisit(visit.jobId, visit.id))
            phone.mutate(ArriveAtVisit(visit.jobId, visit.id))
            val material = UUID.randomUUID()
            val added = phone.mutate(AddMaterial(visit.jobId, visit.id, material, item.id, BigDecimal("0.125")))
            assertEquals(item.priceCents, added.output?.unitPriceCents)
            val entry = phone.queue().last()
            val entered = entry.mutation as AddMaterial
            assertEquals(AddMaterial(visit.jobId, visit.id, material, item.id, BigDecimal("0.125")), entered)
            assertEquals(listOf(visit.jobId, visit.id), entry.about)
            val used = checkNotNull(phone.first(MaterialUsed.byId(material)))
            assertEquals(BigDecimal("0.125"), used.quantity)
            val arrived = checkNotNull(phone.first(Visit.byId(visit.id))?.arrivedAt)
            assertEquals(1, phone.read(Visit.where("id = ?1 and arrived_at = ?2", visit.id, arrived)).size)
            val refused = assertThrows<SatchelException.Refused> {
                runBlocking { phone.mutate(AcceptVisit(visit.jobId, visit.id)) }
            }
            assertEquals(RefusalKind.CONFLICT, refused.kind)
            assertTrue(refused.explanation.endsWith("."), refused.explanation)
        }
    }

    @Test
    fun `what is asked of a checklist follows its answers`() = runBlocking {
        withTechnician(1) { phone ->
            phone.stop()
            val conditional = phone.read(ChecklistTemplateItem.where("shown_after_id is not null")).associateBy { it.id }
            val hidden = phone.read(ChecklistAnswer.where("state = ?1 order by id", AnswerState.OPEN)).first { it.itemId in conditional }
            val visit = checkNotNull(phone.first(Checklist.byId(hidden.checklistId))).visitId
            val condition = conditional.getValue(hidden.itemId)
            val before = phone.askedAnswers(visit)
            assertFalse(hidden.id in before)
            val after = phone.read(ChecklistAnswer.byChecklist(hidden.checklistId)).single { it.itemId == condition.shownAfterId }
            for (step in listOf(AcceptVisit(hidden.jobId, visit), TravelToVisit(hidden.jobId, visit), ArriveAtVisit(hidden.jobId, visit))) {
                phone.mutate(step)
            }
            phone.mutate(AnswerItem(hidden.jobId, visit, after.id, checkNotNull(condition.shownWhen)))
            assertEquals(before.toSet() + hidden.id, phone.askedAnswers(visit).toSet())
        }
    }

    @Test
    fun `an entry that another version of the app made is told, not guessed`() {
        fun entry(name: String, args: String) = QueueEntry(UUID(0, 0), name, args, emptyList(), QueueState.PENDING, null, null, null)
        val id = UUID.randomUUID()
        assertEquals(CancelJob(id, "why"), entry("job/v1/cancel", """{"job_id":"$id","reason":"why","later":1}""").mutation)
        for (args in listOf("{}", "[]", "", "no JSON", """{"job_id":"x","reason":"why"}""")) {
            assertEquals(null, entry("job/v1/cancel", args).mutation)
        }
        assertEquals(null, entry("job/v9/cancel", "{}").mutation)
    }

    @Test
    fun `what the office does arrives while the app looks on`() = runBlocking {
        withTechnician(2) { phone ->
            val visit = phone.openVisit()
            val canceled = async { phone.watch(Visit.byId(visit.id)).first { it.single().state == VisitState.CANCELED } }
            Contractor.office("visit/v1/cancel", CancelVisit(jobId = visit.jobId, visitId = visit.id, reason = "Called off.").json())
            withTimeout(PATIENCE) { canceled.await() }
            assertEquals(emptyList<Difference>(), phone.verify())
        }
    }

    @Test
    fun `refusals of the server are kept until somebody deals with them`() = runBlocking {
        withTechnician(2) { phone ->
            val visit = phone.openVisit()
            phone.setNetwork(false)
            val key = phone.mutate(AcceptVisit(visit.jobId, visit.id)).key
            Contractor.office("visit/v1/cancel", CancelVisit(jobId = visit.jobId, visitId = visit.id, reason = "Called off.").json())
            val attention = async { phone.watchAttention().first { it.isNotEmpty() } }
            phone.setNetwork(true)
            val item = withTimeout(PATIENCE) { attention.await() }.single()
            assertEquals(key, item.entry.key)
            assertTrue(item.refusal.explanation.isNotBlank())
            val again = phone.retry(key)
            withTimeout(PATIENCE) { phone.watchAttention().first { list -> list.any { it.entry.key == again } } }
            phone.undo(again)
            assertEquals(emptyList<Attention>(), phone.attention())
        }
    }

    @Test
    fun `two people write in a note, and neither loses a word`() = runBlocking {
        withTechnician(1) { phone ->
            val job = phone.openVisit().jobId
            val note = UUID.randomUUID()
            phone.mutate(CreateNote(job, note, "Gate"))
            assertNotNull(phone.editNote(note, "The gate is locked."))
            assertEquals(null, phone.editNote(note, "The gate is locked."))
            phone.editNote(note, "The gate is locked. Ask at the desk.")
            // Written on what was there before.
            phone.editNote(note, "The big gate is locked.", base = "The gate is locked.")
            assertEquals("The big gate is locked. Ask at the desk.", phone.first(Note.byId(note))?.text)
            val tooLong = assertThrows<SatchelException.Refused> { runBlocking { phone.editNote(note, "long ".repeat(100_000)) } }
            assertEquals("note.text_too_long", tooLong.reason)
            val gone = assertThrows<SatchelException.Refused> { runBlocking { phone.editNote(UUID.randomUUID(), "Hello?") } }
            assertEquals(RefusalKind.NOT_FOUND, gone.kind)
            phone.until("both sides agree") { it.settled }
            assertEquals(emptyList<Attention>(), phone.attention())
        }
    }

    @Test
    fun `a signature is bound to the document that was shown`() = runBlocking {
        withTechnician(1) { phone ->
            phone.stop()
            val visit = phone.openVisit()
            for (step in listOf(AcceptVisit(visit.jobId, visit.id), TravelToVisit(visit.jobId, visit.id), ArriveAtVisit(visit.jobId, visit.id))) {
                phone.mutate(step)
            }
            val before = phone.signingDocument(SubjectKind.VISIT, visit.id)
            phone.mutate(CompleteVisitPartially(visit.jobId, visit.id, "The pump runs."))
            val document = phone.signingDocument(SubjectKind.VISIT, visit.id)
            assertTrue("outcome \"The pump runs.\"" in document.text, document.text)
            fun signed(hash: ByteArray) = CaptureSignature(
                visit.jobId, UUID.randomUUID(), SubjectKind.VISIT, visit.id, Bytes(hash),
                "Ada", SignerRelation.CUSTOMER, Bytes(byteArrayOf(0, 0, 0)),
            )
            val changed = assertThrows<SatchelException.Refused> { runBlocking { phone.mutate(signed(before.hash)) } }
            assertEquals("signature.document_changed", changed.reason)
            phone.mutate(signed(document.hash))
            assertThrows<SatchelException.Refused> { runBlocking { phone.signingDocument(SubjectKind("song"), visit.id) } }
            Unit
        }
    }

    @Test
    fun `buttons know what their user may do`() = runBlocking {
        withTechnician { phone ->
            assertTrue(phone.may(AcceptVisit))
            assertFalse(phone.may(CancelJob))
        }
    }

    @Test
    fun `a background turn says whether another is needed`() = runBlocking {
        withPhone { phone ->
            assertEquals(BackgroundSync.USELESS, phone.syncInBackground(5.seconds))
            val technician = Contractor.technicians[0]
            phone.signIn(technician.email, technician.password)
            assertEquals(BackgroundSync.COMPLETE, phone.syncInBackground(PATIENCE))
            assertEquals(Connection.STOPPED, phone.core.status().connection)
            assertEquals(BackgroundSync.AGAIN, phone.syncInBackground(0.seconds))
        }
    }

    @Test
    fun `syncing follows the foreground and the network`() = runBlocking {
        withPhone { phone ->
            val technician = Contractor.technicians[0]
            phone.signIn(technician.email, technician.password)
            val (foreground, network) = MutableStateFlow(true) to MutableStateFlow(true)
            val following = phone.follow(this, foreground, network)
            phone.until("online") { it.connection == Connection.ONLINE }
            network.value = false
            phone.until("offline") { it.connection == Connection.OFFLINE }
            foreground.value = false
            phone.until("stopped") { it.connection == Connection.STOPPED }
            network.value = true
            foreground.value = true
            phone.until("everything is here") { it.settled }
            following.cancel()
        }
    }

    @Test
    fun `a session outlives the client, and a keystore of the app keeps it`() = runBlocking {
        val folder = temporary("satchel-phone-")
        val store = object : SessionStore {
            var kept: String? = null
            override fun load(): String? = kept
            override fun save(session: String) { kept = session }
            override fun clear() { kept = null }
        }
        val technician = Contractor.technicians[0]
        val first = Satchel.open(folder.toString(), Contractor.url, sessionStore = store)
        val identity = first.signIn(technician.email, technician.password)
        first.close()
        assertNotNull(store.kept)
        assertFalse(folder.resolve("session.json").toFile().exists())
        val second = Satchel.open(folder.toString(), Contractor.url, sessionStore = store)
        assertEquals(identity, second.identity)
        second.signOut()
        assertEquals(null, store.kept)
        second.close()
        folder.toFile().deleteRecursively()
        Unit
    }

    @Test
    fun `a keystore that throws is an error of its own`() = runBlocking {
        val store = object : SessionStore {
            override fun load(): String? = null
            override fun save(session: String) = error("the secret is $session")
            override fun clear() = Unit
        }
        val folder = temporary("satchel-phone-")
        val phone = Satchel.open(folder.toString(), Contractor.url, sessionStore = store)
        val technician = Contractor.technicians[0]
        val failed = assertThrows<SatchelException.SessionStoreFailed> {
            runBlocking { phone.signIn(technician.email, technician.password) }
        }
        assertFalse(failed.explanation.contains("secret"), failed.explanation)
        phone.close()
        folder.toFile().deleteRecursively()
        Unit
    }
}
