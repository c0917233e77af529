//! Verdicts a device may not have heard, as JSON text around what Postgres stores.

use std::fmt::Write as _;

use sqlx::PgConnection;
use uuid::Uuid;

/// Verdicts in the order of the device's sequence.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// JSON objects of the wire's `Verdict`, with commas between.
    pub json: String,
    /// The highest `seq` among them.
    pub through: Option<u64>,
    /// How many.
    pub count: usize,
}

// What was said too long ago is forgotten; that it was said is not. What the office decided since takes its place.
const VERDICTS: &str = "with said as materialized (select l.key, l.seq, l.outcome from satchel.mutation_ledger l \
    where l.org_id = $1 and l.device_id = $2 and l.seq > $3 order by l.seq limit $4), \
    refused as materialized (select array_agg(key) as keys from said \
        where outcome ? 'rejected' or outcome ? 'quarantined'), \
    decided as materialized (select d.key, d.outcome from refused r \
        cross join lateral satchel.my_inbox_outcomes(r.keys, 1000) d where r.keys is not null) \
    select s.key, s.seq, coalesce(d.outcome::text, s.outcome::text, '\"expired\"') \
    from said s left join decided d on d.key = s.key order by s.seq";

/// Reads at most `limit` verdicts above `through`.
pub async fn read(
    connection: &mut PgConnection,
    org_id: Uuid,
    device_id: Uuid,
    through: u64,
    limit: usize,
) -> sqlx::Result<Verdicts> {
    let rows: Vec<(Uuid, i64, String)> = sqlx::query_as(VERDICTS)
        .bind(org_id)
        .bind(device_id)
        .bind(i64::try_from(through).unwrap_or(i64::MAX))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    let mut verdicts = Verdicts { count: rows.len(), ..Verdicts::default() };
    for (key, seq, outcome) in rows {
        let comma = if verdicts.json.is_empty() { "" } else { "," };
        write!(verdicts.json, r#"{comma}{{"key":"{key}","seq":{seq},"outcome":{outcome}}}"#)
            .expect("a String takes any text");
        verdicts.through = Some(seq.cast_unsigned());
    }
    Ok(verdicts)
}
