package dev.satchel

import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Files
import java.nio.file.Path
import java.util.UUID
import java.util.concurrent.TimeUnit
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.deleteRecursively
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put

/** Until a test that waits for something gives up. */
val PATIENCE = 60.seconds

/** Technicians of the made-up contractor. */
val TECHNICIANS: Int = Integer.getInteger("satchel.technicians", 3)

/** Rows of the pricebook, items and their parts: enough for ten thousand changes at once. */
val PRICEBOOK_ITEMS: Int = Integer.getInteger("satchel.pricebook.items", 16_000)

/** A real server over a private Postgres with a made-up contractor; one for all tests of a JVM. */
object Contractor {
    private val program = checkNotNull(System.getProperty("satchel.server")) { "satchel.server names no program" }
    private val home: Path = temporary("satchel-kotlin-")
    private val organization: JsonObject
    private val process: Process

    /** Where it listens. */
    val url: String

    init {
        val data = home.resolve("data").toString()
        val seeded = run(
            "seed", "--data-dir", data, "--technicians", "$TECHNICIANS", "--jobs-per-technician", "6",
            "--pricebook-items", "$PRICEBOOK_ITEMS", "--json",
        )
        organization = Json.parseToJsonElement(seeded).jsonObject.getValue("organizations").jsonArray.first().jsonObject
        process = builder("serve", "--listen", "127.0.0.1:0", "--data-dir", data).start()
        Runtime.getRuntime().addShutdownHook(Thread(::stop))
        val ready = process.inputStream.bufferedReader().readLine() ?: error("the server did not come up")
        url = Json.parseToJsonElement(ready).jsonObject.getValue("listening").jsonPrimitive.content
    }

    /** E-mail addresses of the technicians. */
    val technicians: List<Person> = people { it["technician_id"] !is JsonNull && it["technician_id"] != null }

    /** The dispatcher. */
    val dispatcher: Person =
        people { user -> user.getValue("roles").jsonArray.any { it.jsonPrimitive.content == "dispatcher" } }.first()

    /** Somebody who can sign in. */
    class Person(val email: String, val password: String)

    private fun people(wanted: (JsonObject) -> Boolean): List<Person> =
        organization.getValue("users").jsonArray.map { it.jsonObject }.filter(wanted).map {
            Person(it.getValue("email").jsonPrimitive.content, it.getValue("password").jsonPrimitive.content)
        }

    /** The office does something, without a replica. */
    fun office(procedure: String, args: JsonElement) {
        val credentials = buildJsonObject {
            put("email", dispatcher.email)
            put("password", dispatcher.password)
        }
        val session = post("auth/sign-in", credentials).jsonObject
        val token = session.getValue("access_token").jsonPrimitive.content
        val org = organization.getValue("org_id").jsonPrimitive.content
        post(
            "rpc/$procedure", args, "authorization", "Bearer $token", "x-org-id", org,
            "idempotency-key", UUID.randomUUID().toString(),
        )
    }

    private fun post(path: String, body: JsonElement, vararg headers: String): JsonElement {
        val request = HttpRequest.newBuilder(URI("$url/api/v1/$path")).header("content-type", "application/json")
        if (headers.isNotEmpty()) request.headers(*headers)
        request.POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        val answer = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() == 200) { "$path: ${answer.statusCode()} ${answer.body()}" }
        return Json.parseToJsonElement(answer.body())
    }

    private fun builder(vararg arguments: String): ProcessBuilder {
        val builder = ProcessBuilder(program, *arguments).redirectError(home.resolve("server.log").toFile())
        builder.environment().keys.removeAll { it.startsWith("SATCHEL_") && it != "SATCHEL_PG_BIN" || it == "DATABASE_URL" }
        return builder
    }

    private fun run(vararg arguments: String): String {
        val process = builder(*arguments).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { home.resolve("server.log").toFile().readText() }
        return output
    }

    @OptIn(ExperimentalPathApi::class)
    private fun stop() {
        process.destroy()
        process.waitFor(30, TimeUnit.SECONDS)
        home.deleteRecursively()
    }
}

/** A folder in memory where the machine has one. */
fun temporary(prefix: String): Path = Files.createTempDirectory(File(System.getenv("TMPDIR") ?: "/tmp").toPath(), prefix)

/** A new phone, nobody signed in; closed and removed after [use]. */
@OptIn(ExperimentalPathApi::class)
suspend fun <T> withPhone(url: String = Contractor.url, use: suspend (Satchel) -> T): T {
    val folder = temporary("satchel-phone-")
    val phone = Satchel.open(folder.toString(), url)
    return try {
        use(phone)
    } finally {
        phone.close()
        folder.deleteRecursively()
    }
}

/** A technician's phone that has everything. */
suspend fun <T> withTechnician(number: Int = 0, use: suspend (Satchel) -> T): T = withPhone { phone ->
    val technician = Contractor.technicians[number]
    phone.signIn(technician.email, technician.password)
    phone.start()
    phone.until("both sides agree") { it.settled }
    use(phone)
}

/** Waits for a status. */
suspend fun Satchel.until(what: String, wanted: (Status) -> Boolean): Status = try {
    withTimeout(PATIENCE) { status.first(wanted) }
} catch (_: kotlinx.coroutines.TimeoutCancellationException) {
    throw AssertionError("waited for: $what; but ${status.value}")
}

/** Waits for a condition that nothing tells of. */
fun eventually(what: String, holds: () -> Boolean) {
    val deadline = System.nanoTime() + PATIENCE.inWholeNanoseconds
    while (!holds()) {
        check(System.nanoTime() < deadline) { "never came about: $what" }
        Thread.onSpinWait()
        Thread.yield()
    }
}
