package dev.satchel

import dev.satchel.model.mutationOf
import kotlinx.serialization.json.Json

/** What was entered, for sentences about it and for [Satchel.edit]; null for a mutation that this build cannot read. */
public val QueueEntry.mutation: Mutation<*>? get() = mutationOf(name, argsJson)

/** What was entered; null for a mutation that this build cannot read. */
public val Past.mutation: Mutation<*>? get() = mutationOf(name, argsJson)

// Whatever the arguments are: they may have been entered with another version of the app.
private fun mutationOf(name: String, argsJson: String): Mutation<*>? =
    runCatching { mutationOf(name, Json.parseToJsonElement(argsJson)) }.getOrNull()
