package dev.satchel

import dev.satchel.model.SubjectKind
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.util.UUID
import kotlin.time.Duration
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.serialization.json.Json

/** A mutation that is durable, its effects visible. */
public data class Done<R>(
    /** Its idempotency key: finds it in [Satchel.queue] and [Satchel.attention]. */
    val key: UUID,
    /** What the rule returned; null for a rule that only the server runs. */
    val output: R?,
)

/**
 * An app's replica and queue: one for each folder, usable from any thread.
 *
 * Reads and mutations work without a network and never wait for it. Cancelling a coroutine that waits here stops the
 * waiting, never half of what was begun. Whatever fails is a [SatchelException].
 */
public class Satchel private constructor(internal val core: SatchelClient) {
    private val current = MutableStateFlow(core.status())
    private val following = core.observeStatus(Follower(current))

    /** Where syncing stands. */
    public val status: StateFlow<Status> = current.asStateFlow()

    /** Whose replica is open, if somebody is signed in. */
    public val identity: Identity? get() = core.identity()

    /**
     * Signs in and opens the user's replica in that organization. [org] may be left out by users who have only one;
     * others get [SatchelException.ChooseOrganization]. To switch, sign in to the other: no queue is lost.
     */
    public suspend fun signIn(email: String, password: String, org: UUID? = null): Identity =
        core.signIn(email, password, org)

    /**
     * Forgets the session; the replica stays for the same user's next sign-in. [SatchelException.UnsentWork] while work waits to
     * be sent: offer to send or export it, or to keep it here.
     */
    public suspend fun signOut(): Unit = core.signOut()

    /** The same whatever waits; the queue stays as well. */
    public suspend fun signOutKeepingWork(): Unit = core.signOutKeepingWork()

    /** Begins syncing. */
    public suspend fun start(): Unit = core.start()

    /** Ends syncing; work goes on locally. */
    public suspend fun stop(): Unit = core.stop()

    /** Passes on what the device says about its network. */
    public suspend fun setNetwork(available: Boolean): Unit = core.setNetwork(available)

    /** Syncs until both sides agree, it is clear that they will not, or [deadline] has passed: for background work. */
    public suspend fun syncOnce(deadline: Duration): SyncOutcome =
        core.syncOnce(deadline.inWholeMilliseconds.coerceAtLeast(0).toULong())

    /** Does something: durable, and its effects visible, on return. A rule that says no throws [SatchelException.Refused]. */
    public suspend fun <R> mutate(mutation: Mutation<R>): Done<R> {
        val done = core.mutate(mutation.procedure, mutation.json().toString())
        return Done(done.key, done.outputJson?.let { mutation.output(Json.parseToJsonElement(it)) })
    }

    /**
     * Turns a note into [text]: durable on return; null when it reads so already. [base] is the text that the person saw
     * when writing began: what others wrote since then stays. Without it, the present text is meant.
     */
    public suspend fun editNote(note: UUID, text: String, base: String? = null): UUID? = core.editNote(note, base, text)?.key

    /** The document of what can be signed, as it stands on this phone; its hash goes into [dev.satchel.model.CaptureSignature]. */
    public suspend fun signingDocument(kind: SubjectKind, id: UUID): SigningDocument = core.signingDocument(kind.text, id)

    /**
     * The answers, rows of [dev.satchel.model.ChecklistAnswer], that a visit's checklists ask for now, checklist by checklist in
     * their order: what a condition hides is not among them.
     */
    public suspend fun askedAnswers(visit: UUID): List<UUID> = core.askedAnswers(visit)

    /** Reads rows as they are now. */
    public suspend fun <T> read(query: Query<T>): List<T> =
        core.rows(query.table.name, query.condition, query.parameters.map(::cellOf)).map { query.table.read(Cells(it)) }

    /** Reads the first row. */
    public suspend fun <T> first(query: Query<T>): T? = read(query).firstOrNull()

    /** Any query that only reads: joins, counts, sums. */
    public suspend fun sql(query: String, vararg parameters: Any?): List<Cells> =
        core.sql(query, parameters.map(::cellOf)).map(::Cells)

    /** The rows now, and again whenever they differ after a commit; none while nobody is signed in. */
    public fun <T> watch(query: Query<T>): Flow<List<T>> = refreshed(query.table.name) { read(query) }.distinctUntilChanged()

    /** The result of [read] now, and again after every commit that touched one of [tables]. */
    public fun <T> watch(tables: List<Table<*>>, read: suspend Satchel.() -> List<T>): Flow<List<T>> =
        refreshed(*tables.map { it.name }.toTypedArray()) { this.read() }.distinctUntilChanged()

    /** The whole queue, in order. */
    public suspend fun queue(): List<QueueEntry> = core.queue()

    /** Mutations the server did not take, oldest first. */
    public suspend fun attention(): List<Attention> = core.attention()

    /** The same, again whenever it changes. */
    public fun watchAttention(): Flow<List<Attention>> = refreshed { attention() }.distinctUntilChanged()

    /** Mutations that left the queue with a verdict, those entered last first. */
    public suspend fun history(): List<Past> = core.history()

    /**
     * Whether nothing is known that forbids the user to do this, as in `may(CancelJob)`, for greying out a button;
     * [Changes.permissions] tells when the answer may have changed.
     */
    public fun may(procedure: Procedure): Boolean = core.may(procedure.name)

    /**
     * Queues a refused mutation again, under a new key, which is returned; what depends on it goes after it. An edit of a
     * note is written anew on the text as it is now, where that is what it needs.
     */
    public suspend fun retry(key: UUID): UUID = core.retry(key)

    /** The same with other arguments: [corrected] is of the same kind as the refused one. */
    public suspend fun edit(key: UUID, corrected: Mutation<*>): UUID = core.edit(key, corrected.json().toString())

    /** Takes a refused mutation off the list, or an unsent one out of the queue with its effects. */
    public suspend fun undo(key: UUID): Unit = core.undo(key)

    /** The same with everything that waits for it or was refused because of it. */
    public suspend fun undoGroup(key: UUID): Unit = core.undoGroup(key)

    /**
     * Hands a refused mutation to the office, with a [note], and those that were refused because of it. It stays on the
     * list, [Attention.withOffice], until a supervisor has decided; then [history] tells, in [Past.settlement].
     */
    public suspend fun handOver(key: UUID, note: String? = null): Unit = core.handOver(key, note)

    /** How far the work has come that is about any of these rows, such as a visit or its job. */
    public suspend fun receipts(vararg about: UUID): Receipts = core.receipts(about.toList())

    /**
     * Whether everything the technician's visits between two moments need is on this phone, and as of when: to be asked for
     * tomorrow before leaving the network. Visits planned more than 14 days ahead are not sent to phones.
     */
    public suspend fun day(from: Instant, until: Instant): DayOnPhone = core.day(from, until)

    /** The same for a whole day where the technician is. */
    public suspend fun day(date: LocalDate, zone: ZoneId = ZoneId.systemDefault()): DayOnPhone =
        day(date.atStartOfDay(zone).toInstant(), date.plusDays(1).atStartOfDay(zone).toInstant())

    /**
     * The unsent and the refused work as an encrypted file, for another device of the same user or the office. Nothing
     * changes here. What was wrong with [lock] is [SatchelException.RescueRefused].
     */
    public suspend fun exportRescue(lock: RescueLock): ByteArray = core.exportRescue(lock)

    /** Queues the work of such a file of the same user and organization; a second time adds nothing. */
    public suspend fun importRescue(sealed: ByteArray, key: RescueKey): TakenIn = core.importRescue(sealed, key)

    /** How things stand, for support: no row contents, names, tokens or paths. Also with nobody signed in. */
    public suspend fun report(): Report = core.report()

    /**
     * Calls [onChange] on a background thread after commits that touched one of [tables] (any when none is named), the
     * queue or readiness. Calls do not overlap; what changes meanwhile comes in the next. It may throw (the
     * [diagnostics] tell) and may cancel. Keep the subscription: it ends when it is collected.
     */
    public fun observe(vararg tables: Table<*>, onChange: (Changes) -> Unit): Subscription =
        core.observe(tables.map { it.name }, Listener(onChange))

    /** The same as a flow; what is not collected in time is merged. */
    public fun changes(vararg tables: Table<*>): Flow<Changes> {
        val names = tables.map { it.name }
        return callbackFlow {
            val waiting = Merged()
            val subscription = core.observe(names, Listener { if (waiting.add(it)) trySend(waiting) })
            awaitClose { subscription.cancel(); subscription.destroy() }
        }.buffer(Channel.UNLIMITED).map { it.take() }
    }

    /** Compares every kept checksum with the rows; empty is good. */
    public suspend fun verify(): List<Difference> = core.verify()

    /** Moves what was written lately into the main file, before the app is suspended. */
    public suspend fun checkpoint(): Unit = core.checkpoint()

    /** Ends syncing, flows and subscriptions, and lets go of the files. Calls after it throw [SatchelException.Closed]. */
    public suspend fun close() {
        core.shutDown()
        following.destroy()
    }

    private fun <T> refreshed(vararg tables: String, read: suspend () -> List<T>): Flow<List<T>> = flow {
        // Subscribed before the first read, so that no commit falls between.
        val wake = Channel<Unit>(Channel.CONFLATED)
        val subscription = core.observe(tables.toList(), Listener { wake.trySend(Unit) })
        try {
            wake.trySend(Unit)
            for (unit in wake) emit(try { read() } catch (_: SatchelException.NotSignedIn) { emptyList() })
        } finally {
            subscription.cancel()
            subscription.destroy()
        }
    }

    public companion object {
        /**
         * Opens [folder], with the replica of whoever is signed in; also without a network. [installNonce] is a number kept
         * where no backup reaches; without a [sessionStore] the session is a file in the folder. Under a [fileKey] of 32
         * random bytes from the keystore replicas are encrypted, where the native library is built to.
         */
        public suspend fun open(
            folder: String,
            serverUrl: String,
            installNonce: UUID? = null,
            maxFileBytes: Long? = null,
            sessionStore: SessionStore? = null,
            fileKey: ByteArray? = null,
        ): Satchel {
            val options = OpenOptions(folder, serverUrl, installNonce, maxFileBytes?.toULong())
            CallbackThreads.keepAttached()
            return Satchel(SatchelClient.open(options, sessionStore, fileKey))
        }

        /** What went wrong in this process lately, for a settings screen and for support. */
        public fun diagnostics(): List<DiagnosticsEntry> = dev.satchel.diagnostics()
    }
}

private class Listener(private val onChange: (Changes) -> Unit) : ChangeObserver {
    override fun changed(changes: Changes) = onChange(changes)
}

private class Follower(private val current: MutableStateFlow<Status>) : StatusObserver {
    override fun statusChanged(status: Status) {
        current.value = status
    }
}

/** Changes that nobody took yet. */
private class Merged {
    private var waiting: Changes? = null

    /** Adds; true if nothing was waiting. */
    @Synchronized
    fun add(changes: Changes): Boolean {
        val before = waiting
        waiting = before?.let { it + changes } ?: changes
        return before == null
    }

    @Synchronized
    fun take(): Changes = checkNotNull(waiting).also { waiting = null }
}

/** Ids of one table beyond which they are not named any more; the library's own limit. */
private const val NAMED_IDS = 4_096

/** Both as one. */
internal operator fun Changes.plus(later: Changes): Changes {
    val tables = LinkedHashMap<String, List<UUID>?>()
    for (change in this.tables + later.tables) {
        val ids = change.ids
        tables[change.table] = when {
            change.table !in tables -> ids
            else -> tables[change.table]?.let { before -> ids?.let { (before + it).distinct() } }
        }?.takeIf { it.size <= NAMED_IDS }
    }
    return Changes(
        tables.map { (table, ids) -> TableChange(table, ids) },
        queue || later.queue,
        status || later.status,
        permissions || later.permissions,
        replica || later.replica,
    )
}
