//! A phone's row: whose it is, and how far the server has counted its mutations.

use sqlx::{PgConnection, Row as _, postgres::PgRow};
use uuid::Uuid;

use super::StoreError;

/// The end of a device's sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastPushed {
    /// The sequence number.
    pub seq: u64,
    /// The idempotency key at it.
    pub key: Uuid,
    /// What the device's clocks said, if any of the mutations told.
    pub reading: Option<ClockReading>,
}

/// What a device's clocks said at one moment of one start of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// Names the start.
    pub boot_id: Uuid,
    /// Milliseconds since the start.
    pub monotonic_ms: i64,
    /// The clock people see, in milliseconds since 1970.
    pub clock_ms: i64,
}

/// A device as the server knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The highest sequence number with a verdict; 0 for none.
    pub last_seq: u64,
    /// The idempotency key at `last_seq`.
    pub last_key: Option<Uuid>,
    /// What its clocks said with the last mutation that told.
    pub reading: Option<ClockReading>,
}

/// Why a device cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// It belongs to another user of the organization.
    #[error("the device belongs to another user")]
    Foreign,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Registers the device if it is new, and keeps every other push of it waiting until the transaction ends.
pub async fn claim(
    connection: &mut PgConnection,
    org_id: Uuid,
    user_id: Uuid,
    device_id: Uuid,
) -> Result<Device, DeviceError> {
    // Known, as nearly always: a lock writes nothing, and the push itself will write the row.
    let known = sqlx::query(
        "select d.user_id, d.last_seq, d.last_key, d.clock_boot_id, d.clock_monotonic_ms, d.clock_ms \
         from satchel.device d where d.org_id = $1 and d.id = $2 for no key update",
    )
    .bind(org_id)
    .bind(device_id)
    .fetch_optional(&mut *connection)
    .await
    .map_err(StoreError::Database)?;
    if let Some(row) = known {
        return device(&row, user_id);
    }
    let claimed = sqlx::query(
        "insert into satchel.device as d (org_id, id, user_id) values ($1, $2, $3) \
         on conflict (org_id, id) do update set last_seen_at = now() \
         returning d.user_id, d.last_seq, d.last_key, d.clock_boot_id, d.clock_monotonic_ms, d.clock_ms",
    )
    .bind(org_id)
    .bind(device_id)
    .bind(user_id)
    .fetch_one(connection)
    .await;
    let row = match claimed {
        Ok(row) => row,
        // Row-level security shows a user only the own devices, and lets nobody take over another's.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => {
            return Err(DeviceError::Foreign);
        }
        Err(error) => return Err(StoreError::from(error).into()),
    };
    device(&row, user_id)
}

fn device(row: &PgRow, user_id: Uuid) -> Result<Device, DeviceError> {
    let (owner, device) = read(row).map_err(StoreError::Database)?;
    if owner == user_id { Ok(device) } else { Err(DeviceError::Foreign) }
}

fn read(row: &PgRow) -> sqlx::Result<(Uuid, Device)> {
    let (boot_id, monotonic_ms, clock_ms): (Option<Uuid>, Option<i64>, Option<i64>) =
        (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
    let reading = boot_id.zip(monotonic_ms).zip(clock_ms);
    let device = Device {
        last_seq: row.try_get::<i64, _>(1)?.cast_unsigned(),
        last_key: row.try_get(2)?,
        reading: reading.map(|((boot_id, monotonic_ms), clock_ms)| ClockReading { boot_id, monotonic_ms, clock_ms }),
    };
    Ok((row.try_get(0)?, device))
}

/// Stores how far the device's mutations have verdicts, where no new one is stored with it.
pub async fn advance(
    connection: &mut PgConnection,
    org_id: Uuid,
    device_id: Uuid,
    last: LastPushed,
) -> Result<(), StoreError> {
    let stored = sqlx::query(
        "update satchel.device set last_seq = $3, last_key = $4, last_seen_at = now() where org_id = $1 and id = $2",
    )
    .bind(org_id)
    .bind(device_id)
    .bind(last.seq.cast_signed())
    .bind(last.key)
    .execute(connection)
    .await?;
    advanced(stored.rows_affected())
}

/// Out of sight since it was claimed: the author's membership ended meanwhile. Verdicts without their count would leave a
/// gap that no phone can fill.
pub(super) fn advanced(devices: u64) -> Result<(), StoreError> {
    if devices == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound.into()) }
}
