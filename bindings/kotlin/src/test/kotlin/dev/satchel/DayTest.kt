package dev.satchel

import java.io.File
import java.util.UUID
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The scripted day of `tests/scenarios/day.json`, which Rust lives too. */
class DayTest {
    private val found = HashMap<String, JsonElement>()

    @Test
    fun `the scripted day`() = runBlocking {
        val scenario = Json.parseToJsonElement(File(System.getProperty("satchel.scenario")).readText()).jsonObject
        val steps = scenario.getValue("steps").jsonArray
        assertTrue(steps.size > 20)
        withPhone { phone ->
            steps.forEachIndexed { number, step -> live(phone, step.jsonObject, "step $number: $step") }
        }
    }

    private suspend fun live(phone: Satchel, step: JsonObject, what: String) {
        fun text(name: String) = step.getValue(name).jsonPrimitive.content
        fun texts(name: String) = step.getValue(name).jsonArray.map { it.jsonPrimitive.content }
        fun args() = filled(step.getValue("args")).toString()
        when (text("do")) {
            "sign_in" -> {
                val person = Contractor.technicians[step.getValue("technician").jsonPrimitive.int]
                val identity = phone.signIn(person.email, person.password)
                found["technician"] = JsonPrimitive(identity.technicianId.toString())
            }
            "sign_out" -> phone.signOut()
            "signed_out" -> assertThrows<SatchelException.NotSignedIn>(what) { runBlocking { phone.sql("select 1") } }
            "start" -> phone.start()
            "network" -> phone.setNetwork(step.getValue("available").jsonPrimitive.boolean)
            "settled" -> phone.until(what) { it.settled }
            "new" -> texts("names").forEach { found[it] = JsonPrimitive(UUID.randomUUID().toString()) }
            "find" -> {
                val rows = query(phone, text("sql"), JsonArray(emptyList()))
                assertEquals(1, rows.size, what)
                texts("names").zip(rows.first().jsonArray).forEach { (name, value) -> found[name] = value }
            }
            "mutate" -> {
                val output = Json.parseToJsonElement(checkNotNull(phone.core.mutate(text("name"), args()).outputJson))
                step["output"]?.let(::filled)?.jsonObject?.forEach { (name, value) ->
                    assertEquals(value, output.jsonObject[name], what)
                }
            }
            "refused" -> {
                val refused = assertThrows<SatchelException.Refused>(what) {
                    runBlocking { phone.core.mutate(text("name"), args()) }
                }
                assertEquals(text("reason"), refused.reason, what)
            }
            "office" -> Contractor.office(text("name"), filled(step.getValue("args")))
            "waiting" -> {
                val queue = phone.core.status().queue
                assertEquals(step.getValue("count").jsonPrimitive.long.toULong(), queue.pending + queue.sending, what)
            }
            "rows" -> {
                val parameters = filled(step["parameters"] ?: JsonArray(emptyList())).jsonArray
                assertEquals(filled(step.getValue("rows")), query(phone, text("sql"), parameters), what)
            }
            "attention" -> {
                val attention = phone.attention()
                assertEquals(texts("names"), attention.map { it.entry.name }, what)
                assertEquals(texts("reasons"), attention.map { it.refusal.reason }, what)
            }
            "undo_all" -> phone.attention().forEach { phone.undo(it.entry.key) }
            "verify" -> assertEquals(emptyList<Difference>(), phone.verify(), what)
            else -> error("$what: nobody knows how to do this")
        }
    }

    /** The same with `$name` replaced by what was found. */
    private fun filled(value: JsonElement): JsonElement = when (value) {
        is JsonObject -> JsonObject(value.mapValues { filled(it.value) })
        is JsonArray -> JsonArray(value.map(::filled))
        is JsonPrimitive -> if (value.isString && value.content.startsWith("$")) found.getValue(value.content.drop(1)) else value
        JsonNull -> JsonNull
    }

    private suspend fun query(phone: Satchel, sql: String, parameters: JsonArray): JsonArray {
        val values = parameters.map { cellOf(it.jsonPrimitive.content) }
        return JsonArray(phone.core.sql(sql, values).map { row ->
            JsonArray(row.map { cell ->
                when (cell) {
                    is Cell.Text -> JsonPrimitive(cell.value)
                    is Cell.Integer -> JsonPrimitive(cell.value)
                    is Cell.Boolean -> JsonPrimitive(cell.value)
                    is Cell.Null -> JsonNull
                }
            })
        })
    }
}
