//! What must hold in the office's books after the day.

use satchel_domain::REGISTRY;
use satchel_protocol::wire::Outcome;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{day::Day, site::Site};

/// Whatever is wrong, one row each.
const WRONG: &[(&str, &str)] = &[
    (
        "levels that are not the sum of their ledger",
        "select l.item_id::text from satchel.stock_level l
         left join satchel.stock_movement m using (org_id, stock_location_id, item_id)
         group by l.org_id, l.id, l.item_id, l.quantity having l.quantity <> coalesce(sum(m.quantity), 0)",
    ),
    (
        "movements without a level",
        "select m.id::text from satchel.stock_movement m where not exists (select from satchel.stock_level l
             where (l.org_id, l.stock_location_id, l.item_id) = (m.org_id, m.stock_location_id, m.item_id))",
    ),
    (
        "transfers without their other side",
        "select m.id::text from satchel.stock_movement m where m.cause = 'transfer' and m.mirror_of is null
             and not exists (select from satchel.stock_movement o where o.mirror_of = m.id
                 and o.quantity = -m.quantity and o.stock_location_id = m.counter_location_id)",
    ),
    (
        "materials that differ from what left the truck",
        "select u.id::text from satchel.material_used u where u.quantity <> (
             select -sum(m.quantity) from satchel.stock_movement m where m.material_id = u.id)",
    ),
    (
        "material that was taken off again and did not come back",
        "select m.material_id::text from satchel.stock_movement m left join satchel.material_used u on u.id = m.material_id
         where m.material_id is not null and u.id is null group by m.material_id having sum(m.quantity) <> 0",
    ),
    (
        "invoices that are not the sum of their lines",
        "select i.id::text from satchel.invoice i left join satchel.invoice_line l on l.invoice_id = i.id
         group by i.org_id, i.id
         having (i.subtotal_cents, i.discount_cents, i.tax_cents, i.total_cents) is distinct from
                (coalesce(sum(l.gross_cents), 0), coalesce(sum(l.discount_cents), 0), coalesce(sum(l.tax_cents), 0),
                 coalesce(sum(l.total_cents), 0))
             or i.total_cents <> i.subtotal_cents - i.discount_cents + i.tax_cents",
    ),
    (
        "options that are not the sum of their lines",
        "select o.id::text from satchel.estimate_option o left join satchel.estimate_line l on l.option_id = o.id
         group by o.org_id, o.id
         having (o.subtotal_cents, o.discount_cents, o.tax_cents, o.total_cents) is distinct from
                (coalesce(sum(l.gross_cents), 0), coalesce(sum(l.discount_cents), 0), coalesce(sum(l.tax_cents), 0),
                 coalesce(sum(l.total_cents), 0))",
    ),
    (
        "invoices whose payments are not what is paid and pending",
        "select i.id::text from satchel.invoice i left join satchel.payment p on p.invoice_id = i.id
         group by i.org_id, i.id
         having i.paid_cents <> coalesce(sum(p.amount_cents) filter (where p.method in ('cash', 'check')), 0)
             or i.pending_cents <> coalesce(sum(p.amount_cents) filter (where p.method = 'card'), 0)",
    ),
    ("entries that are no payment", "select id::text from satchel.payment where kind <> 'payment'"),
    (
        "numbers with gaps",
        "select number::text from (select number, row_number() over (order by number) as place from satchel.invoice
             where number is not null) numbered where number <> place",
    ),
    (
        "amounts, quantities and states whose last word in the audit log is another",
        "select last.table_name || ' ' || last.key || ' ' || last.word || ', not ' || coalesce(last.stored, 'null')
         from (
             select distinct on (a.row_id, cell.key) a.table_name, cell.key, cell.value #>> '{}' as word,
                 stored.row ->> cell.key as stored
             from satchel.audit_log a
             cross join lateral jsonb_each(a.after) cell
             join (
                 select id, to_jsonb(r) as row from satchel.invoice r
                 union all select id, to_jsonb(r) from satchel.invoice_line r
                 union all select id, to_jsonb(r) from satchel.payment r
                 union all select id, to_jsonb(r) from satchel.estimate r
                 union all select id, to_jsonb(r) from satchel.estimate_option r
                 union all select id, to_jsonb(r) from satchel.estimate_line r
                 union all select id, to_jsonb(r) from satchel.material_used r
                 union all select id, to_jsonb(r) from satchel.visit r
                 union all select id, to_jsonb(r) from satchel.job r
             ) stored on stored.id = a.row_id
             where cell.key like '%\\_cents' or cell.key in ('quantity', 'state')
             order by a.row_id, cell.key, a.id desc
         ) last where last.word is distinct from last.stored",
    ),
];

/// Asserts that the books are in order.
pub async fn assert_in_order(site: &Site) {
    for (what, query) in WRONG {
        let found: Vec<String> =
            sqlx::query_scalar(*query).fetch_all(&site.field.contractor.admin).await.expect("a query");
        assert_eq!(found, Vec::<String>::new(), "{what}");
    }
}

/// Asserts that the server took each mutation once, in order, and decided as the phone had.
pub async fn assert_decided_alike(site: &Site, day: &Day) {
    let device = day.phone.client.store().expect("signed in").device_id();
    let ledger: Vec<(i64, Uuid, String, serde_json::Value)> =
        sqlx::query_as("select seq, key, name, outcome from satchel.mutation_ledger where device_id = $1 order by seq")
            .bind(device)
            .fetch_all(&site.field.contractor.admin)
            .await
            .expect("a ledger");
    let keys = |list: Vec<(Uuid, &str)>| list.into_iter().map(|(key, name)| (key, name.to_owned())).collect::<Vec<_>>();
    assert_eq!(
        keys(ledger.iter().map(|(_, key, name, _)| (*key, name.as_str())).collect()),
        keys(day.done.iter().map(|done| (done.key, done.name)).collect()),
    );
    for (done, (.., outcome)) in day.done.iter().zip(ledger) {
        let outcome: Outcome = serde_json::from_value(outcome).expect("an outcome");
        assert_eq!(outcome, Outcome::Accepted { output: done.output.clone() }, "{}", done.name);
    }
}

/// Asserts that the audit log knows each mutation, by both clocks of the device, and each row it left.
pub async fn assert_audited(site: &Site, day: &Day) {
    let admin = &site.field.contractor.admin;
    let device = day.phone.client.store().expect("signed in").device_id();
    let unknown: Vec<String> = sqlx::query_scalar(
        "select l.name from satchel.mutation_ledger l where l.device_id = $1 and not exists (
             select from satchel.audit_log a
             where (a.org_id, a.key, a.name, a.user_id, a.device_id) = (l.org_id, l.key, l.name, l.user_id, l.device_id)
               and abs(extract(epoch from a.occurred_at - (l.context::jsonb ->> 'occurred_at')::timestamptz)) < 0.000002
               and abs(extract(epoch from a.device_clock - (l.context::jsonb ->> 'device_clock')::timestamptz)) < 0.000002
         ) order by l.seq",
    )
    .bind(device)
    .fetch_all(admin)
    .await
    .expect("a log");
    assert_eq!(unknown, Vec::<String>::new(), "mutations without an entry");

    let mut rows = 0;
    for table in REGISTRY.tables {
        // The other side of a transfer, and the level of that place, are Postgres's to write: they follow from the entry
        // that is in the log.
        let own = match table.name {
            "stock_movement" => "r.mirror_of is null".to_owned(),
            "stock_level" => format!("r.stock_location_id = '{}'", site.truck),
            _ => "true".to_owned(),
        };
        let left: Vec<(Uuid, bool)> = sqlx::query_as(AssertSqlSafe(format!(
            "select r.id, exists (select from satchel.audit_log a
                 where (a.org_id, a.row_id, a.table_name, a.device_id) = (r.org_id, r.id, '{0}', $1)
                   and a.device_clock is not null and a.occurred_at is not null and a.change <> 'refuse')
             from satchel.{0} r where r.updated_by = $2 and {own}",
            table.name
        )))
        .bind(device)
        .bind(site.me.caller.user_id)
        .fetch_all(admin)
        .await
        .expect("rows");
        let missing: Vec<Uuid> = left.iter().filter(|(_, known)| !known).map(|(id, _)| *id).collect();
        assert_eq!(missing, Vec::<Uuid>::new(), "rows of {} without an entry", table.name);
        rows += left.len();
    }
    assert!(rows > day.done.len() / 2, "the day left {rows} rows");
}
