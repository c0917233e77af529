//! The registry, Postgres and the catalogue agree.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};

use satchel_domain::REGISTRY;
use satchel_protocol::{Kind, Table, table::ORG_SCOPE};
use satchel_tests::{catalogue::weaknesses, database::fresh};
use sqlx::PgConnection;

/// Columns of every synced table that only Postgres has.
const STAMPS: [&str; 5] = ["created_at", "created_by", "org_id", "updated_at", "updated_by"];

/// Written anew with `SATCHEL_BLESS=1`, together with a raised `satchel.policy_version()`.
const POLICIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schema/policies.txt");

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Id => "uuid",
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::BigInteger => "bigint",
        Kind::Decimal => "numeric",
        Kind::Boolean => "boolean",
        Kind::Timestamp => "timestamp with time zone",
        Kind::Date => "date",
        Kind::Bytes => "bytea",
    }
}

/// Name to type and nullability.
async fn columns(admin: &mut PgConnection, table: &str) -> BTreeMap<String, (String, bool)> {
    sqlx::query_as(
        "select attname::text, format_type(atttypid, atttypmod), not attnotnull from pg_attribute
         where attrelid = ('satchel.' || quote_ident($1))::regclass and attnum > 0 and not attisdropped",
    )
    .bind(table)
    .fetch_all(admin)
    .await
    .unwrap()
    .into_iter()
    .map(|(name, kind, nullable): (String, String, bool)| (name, (kind, nullable)))
    .collect()
}

/// The columns of every index of a table, in order.
async fn indexes(admin: &mut PgConnection, table: &str) -> Vec<Vec<String>> {
    sqlx::query_scalar(
        "select array_agg(attname::text order by place) from pg_index
         cross join lateral unnest(indkey::int2[]) with ordinality as key (attnum, place)
         join pg_attribute a on a.attrelid = indrelid and a.attnum = key.attnum
         where indrelid = ('satchel.' || quote_ident($1))::regclass and indpred is null and place <= indnkeyatts
         group by indexrelid",
    )
    .bind(table)
    .fetch_all(admin)
    .await
    .unwrap()
}

fn has_index(indexes: &[Vec<String>], wanted: &[&str]) -> bool {
    indexes.iter().any(|index| index.len() >= wanted.len() && index.iter().zip(wanted).all(|(a, b)| a == b))
}

#[tokio::test]
async fn registry_and_postgres_have_the_same_tables_and_columns() {
    let database = fresh().await;
    let mut admin = database.connect().await;
    for table in REGISTRY.tables {
        let mut actual = columns(&mut admin, table.name).await;
        for stamp in STAMPS {
            assert!(actual.remove(stamp).is_some(), "{}.{stamp} is missing", table.name);
        }
        for column in table.columns {
            let place = format!("{}.{}", table.name, column.name);
            let (kind, nullable) =
                actual.remove(column.name).unwrap_or_else(|| panic!("{place} is missing in Postgres"));
            let wanted = type_name(column.kind);
            match column.kind {
                // The scale is declared, so that a value has one spelling.
                Kind::Decimal => assert!(kind.starts_with("numeric(") && kind.contains(','), "{place}: {kind}"),
                _ => assert_eq!(kind, wanted, "{place}"),
            }
            assert_eq!(nullable, column.nullable, "{place}: nullable");
        }
        assert_eq!(actual, BTreeMap::new(), "{}: columns the registry does not know", table.name);
    }
    let synced: BTreeSet<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'rev'
         where c.relnamespace = 'satchel'::regnamespace and c.relkind = 'r'",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap()
    .into_iter()
    .collect();
    assert_eq!(synced, REGISTRY.tables.iter().map(|table| table.name.to_owned()).collect());
}

#[tokio::test]
async fn every_index_read_and_every_page_has_an_index_of_its_own() {
    let database = fresh().await;
    let mut admin = database.connect().await;
    for table in REGISTRY.tables {
        let present = indexes(&mut admin, table.name).await;
        for index in table.indexes {
            let wanted: Vec<&str> =
                [ORG_SCOPE].into_iter().chain(index.columns.iter().copied()).chain(index.range).collect();
            assert!(has_index(&present, &wanted), "{} needs an index on {wanted:?}", index.name);
        }
        let page: Vec<&str> = match table.scope {
            "id" | ORG_SCOPE => vec![ORG_SCOPE, "id"],
            scope => vec![ORG_SCOPE, scope, "id"],
        };
        assert!(has_index(&present, &page), "{} needs an index on {page:?} for its pages", table.name);
        for index in &present {
            assert_eq!(index.first().map(String::as_str), Some(ORG_SCOPE), "{}: {index:?}", table.name);
        }
    }
}

#[tokio::test]
async fn the_feed_is_told_the_scope_that_the_registry_names() {
    let database = fresh().await;
    let mut admin = database.connect().await;
    for Table { name, scope, .. } in REGISTRY.tables {
        let arguments: Vec<Vec<u8>> = sqlx::query_scalar(
            "select tgargs from pg_trigger where tgrelid = ('satchel.' || quote_ident($1))::regclass
             and tgname in ('feed_insert', 'feed_update', 'feed_delete')",
        )
        .bind(name)
        .fetch_all(&mut admin)
        .await
        .unwrap();
        assert_eq!(arguments.len(), 3, "{name}");
        for argument in arguments {
            let first = argument.split(|byte| *byte == 0).next().unwrap();
            assert_eq!(std::str::from_utf8(first).unwrap(), *scope, "{name}");
        }
        let nullable = columns(&mut admin, name).await[*scope].1;
        assert!(!nullable, "{name}.{scope} is nullable: such a row could be told to nobody");
    }
}

#[tokio::test]
async fn every_foreign_key_stays_inside_the_tenant() {
    let database = fresh().await;
    let loose: Vec<String> = sqlx::query_scalar(
        "select format('%s of %s', conname, conrelid::regclass) from pg_constraint c
         where contype = 'f' and connamespace = 'satchel'::regnamespace
           and exists (select from pg_attribute a where a.attrelid = c.conrelid and a.attname = 'org_id')
           and exists (select from pg_attribute a where a.attrelid = c.confrelid and a.attname = 'org_id')
           and not exists (
               select from unnest(conkey, confkey) pair (here, there)
               join pg_attribute a on a.attrelid = c.conrelid and a.attnum = pair.here and a.attname = 'org_id'
               join pg_attribute b on b.attrelid = c.confrelid and b.attnum = pair.there and b.attname = 'org_id')",
    )
    .fetch_all(&mut database.connect().await)
    .await
    .unwrap();
    assert_eq!(loose, Vec::<String>::new());
}

#[tokio::test]
async fn the_catalogue_shows_no_weakness() {
    let database = fresh().await;
    assert_eq!(weaknesses(&mut database.connect().await).await, Vec::<String>::new());
}

#[tokio::test]
async fn conditions_that_decide_on_rows_are_leakproof() {
    let database = fresh().await;
    // Every operator that a policy or a hot condition uses; one that is not leakproof would be tried only after the
    // policy, by reading every row.
    let leaky: Vec<String> = sqlx::query_scalar(
        "select o.oid::regoperator::text from pg_operator o join pg_proc p on p.oid = o.oprcode
         where not p.proleakproof and (
             (o.oprname = '=' and o.oprleft = o.oprright and o.oprleft in
                 ('uuid'::regtype, 'text'::regtype, 'bigint'::regtype, 'boolean'::regtype, 'xid8'::regtype))
             or (o.oprname in ('<', '<=', '>', '>=') and o.oprleft = o.oprright and o.oprleft in
                 ('uuid'::regtype, 'timestamptz'::regtype, 'bigint'::regtype)))
         order by 1",
    )
    .fetch_all(&mut database.connect().await)
    .await
    .unwrap();
    assert_eq!(leaky, Vec::<String>::new());
}

/// Who sees what, a line each: policies, the functions they ask, and capabilities.
async fn decisions(admin: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "select format('policy %s.%s %s', tablename, policyname, encode(sha256(convert_to(
             concat_ws('|', roles, cmd, qual, with_check), 'UTF8')), 'hex'))
         from pg_policies where schemaname = 'satchel' and roles <> '{satchel_internal}'
         union all
         select format('function %s %s', proname, encode(sha256(convert_to(prosrc, 'UTF8')), 'hex'))
         from pg_proc where pronamespace = 'satchel'::regnamespace and proname ~ '^(org_if_|my_)'
           -- What is held and what wakes shows nobody anything.
           and proname !~ '_(scopes|wakes|scopes_by_kind)$' and proname <> 'my_board_jobs'
         union all
         select format('capability %s %s', role, capability) from satchel.role_capability
         order by 1",
    )
    .fetch_all(admin)
    .await
    .unwrap()
}

#[tokio::test]
async fn whoever_changes_who_sees_what_raises_the_policy_version() {
    let database = fresh().await;
    let mut admin = database.connect().await;
    let version: i32 = sqlx::query_scalar("select satchel.policy_version()").fetch_one(&mut admin).await.unwrap();
    let now: BTreeSet<String> = decisions(&mut admin).await.into_iter().collect();
    if std::env::var_os("SATCHEL_BLESS").is_some() {
        let text = now.iter().fold(format!("version {version}\n"), |text, line| text + line + "\n");
        std::fs::write(POLICIES, text).unwrap();
    }
    let known = std::fs::read_to_string(POLICIES).unwrap();
    let (first, lines) = known.split_once('\n').unwrap();
    // New tables add lines, which changes nothing for anybody.
    let changed: Vec<&str> = lines.lines().filter(|line| !now.contains(*line)).collect();
    let advice = "raise satchel.policy_version() in the same migration, then write the file with SATCHEL_BLESS=1";
    assert!(changed.is_empty(), "{advice}: {changed:?}");
    assert_eq!(first, format!("version {version}"), "{advice}");
}
