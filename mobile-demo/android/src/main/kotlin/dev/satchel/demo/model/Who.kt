package dev.satchel.demo.model

import dev.satchel.Satchel
import dev.satchel.model.Branch
import dev.satchel.model.Organization
import dev.satchel.model.Technician
import java.time.ZoneId
import java.time.ZoneOffset
import java.util.UUID

/** Whose phone it is, as far as that has arrived. */
data class Who(
    /** The technician's name; the roles of somebody who is none. */
    val name: String,
    val organization: String,
    val currency: String,
    val technician: UUID?,
    /** Of the technician's branch: where the day begins. */
    val zone: ZoneId,
)

/** Reads it; none while nobody is signed in. */
suspend fun Satchel.who(): Who? {
    val identity = identity ?: return null
    val organization = first(Organization.byId(identity.orgId))
    val technician = identity.technicianId?.let { first(Technician.byId(it)) }
    val branch = technician?.let { first(Branch.byId(it.branchId)) }
    return Who(
        name = technician?.name ?: identity.roles.joinToString(transform = ::plain),
        organization = organization?.name.orEmpty(),
        currency = organization?.currency.orEmpty(),
        technician = identity.technicianId,
        zone = branch?.let { zoneOf(it.zone) } ?: ZoneOffset.UTC,
    )
}
