//! Every statement that is generated from the registry is one that Postgres understands, and every value is spelled as
//! Postgres spells it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use satchel_domain::REGISTRY;
use satchel_protocol::{Record as _, Row, record};
use satchel_server::store::{
    binary,
    sql::{IndexSql, TableSql, columns},
};
use satchel_tests::{database, oracle::json_row};
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

record! {
    /// A column of every kind, all but two of which may be null.
    pub struct Sample in "test_sample" {
        /// An id.
        pub wall_id: Option<uuid::Uuid>,
        /// Text.
        pub title: Option<String>,
        /// A small number.
        pub position: Option<i32>,
        /// A large number.
        pub price_cents: Option<i64>,
        /// A decimal with three places.
        pub quantity: Option<Decimal>,
        /// A decimal with as many places as it was given.
        pub ratio: Option<Decimal>,
        /// A truth.
        pub active: Option<bool>,
        /// An instant.
        pub hung_at: Option<Timestamp>,
        /// A day.
        pub hung_on: Option<Date>,
        /// Binary.
        pub scan: Option<Vec<u8>>,
    }
    scope: "wall_id";
}

/// Values that are easily spelled wrong, a row each.
const SAMPLES: &str = r#"
    create temporary table test_sample (id uuid default gen_random_uuid(), rev bigint default 7, wall_id uuid, title text,
        position integer, price_cents bigint, quantity numeric(12, 3), ratio numeric, active boolean, hung_at timestamptz,
        hung_on date, scan bytea);
    insert into test_sample default values;
    insert into test_sample (title) values (''), ('plain'), (E'quote " backslash \\ tab \t line \n bell \x07 del \x7f'),
        ('Zürich 東京 🔧 שלום');
    insert into test_sample (position) values (0), (-1), (2147483647), (-2147483648);
    insert into test_sample (price_cents) values (0), (-5), (9223372036854775807), (-9223372036854775808);
    insert into test_sample (quantity) values (0), (1), (-1), (0.001), (-0.05), (10000), (9999.999), (999999999.999),
        (-100000000), (12345.6);
    insert into test_sample (ratio) values (0), (0.0), (0.00000001), (0.00010000), (-0.1234567890123456789), (1e20),
        (123456789012345678901234567.000100), (10000.0001), (0.0000), (90000000);
    insert into test_sample (active) values (true), (false);
    insert into test_sample (hung_at) values ('2000-01-01Z'), ('1999-12-31 23:59:59.999999Z'), ('1970-01-01Z'),
        ('1969-12-31 23:59:59.5Z'), ('2026-11-21 10:47:00.000001+02'), ('2400-02-29Z'), ('9999-12-30 00:00Z');
    insert into test_sample (hung_on) values ('2000-01-01'), ('1999-12-31'), ('1900-02-28'), ('2024-02-29'), ('9999-12-31');
    insert into test_sample (scan) values (''), ('\x00'), ('\x00ff'), ('\x00ff07'), (decode(repeat('c0ffee', 100), 'hex'));
    insert into test_sample (wall_id) values (gen_random_uuid());
"#;

#[tokio::test(flavor = "multi_thread")]
async fn every_value_is_spelled_as_postgres_spells_it() {
    let postgres = database::fresh().await;
    let mut connection = postgres.connect().await;
    sqlx::raw_sql(SAMPLES).execute(&mut connection).await.unwrap();
    let select = format!("select {}, {} from test_sample t", json_row(Sample::TABLE, "t"), columns(Sample::TABLE, "t"));
    let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut connection).await.unwrap();
    assert!(rows.len() > 40);
    for found in rows {
        let expected: Row = serde_json::from_str(sqlx::Row::get(&found, 0)).unwrap();
        let mut json = Vec::new();
        let id = binary::write_json(Sample::TABLE, &found, 1, &mut json).unwrap();
        assert_eq!(serde_json::from_slice::<Row>(&json).unwrap(), expected);
        let (same_id, row) = binary::read_row(Sample::TABLE, &found, 1).unwrap();
        assert_eq!(row, Sample::TABLE.decode_row(expected).unwrap());
        assert_eq!((id, id), (same_id, Sample::from_row(&row).unwrap().id.uuid()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_spelling_in_time_is_clamped_and_what_is_no_row_is_refused() {
    let postgres = database::fresh().await;
    let mut connection = postgres.connect().await;
    sqlx::raw_sql(SAMPLES).execute(&mut connection).await.unwrap();
    let endless =
        "update test_sample set hung_at = 'infinity', hung_on = '-infinity' where title = 'plain' returning t.*";
    let endless =
        endless.replace("update test_sample", "update test_sample t").replace("t.*", &columns(Sample::TABLE, "t"));
    let found = sqlx::query(AssertSqlSafe(endless)).fetch_one(&mut connection).await.unwrap();
    let (_, row) = binary::read_row(Sample::TABLE, &found, 0).unwrap();
    let sample = Sample::from_row(&row).unwrap();
    assert_eq!(sample.hung_on, Some(Date::MIN));
    assert!(sample.hung_at.is_some_and(|at| at > "9999-12-30T00:00:00Z".parse::<Timestamp>().unwrap()));

    assert!(binary::read_row(Sample::TABLE, &found, 1).is_err(), "the columns of another row");
    assert!(binary::write_json(Sample::TABLE, &found, 1, &mut Vec::new()).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_understands_every_generated_statement() {
    let postgres = database::fresh().await;
    let mut connection = postgres.connect().await;
    for table in REGISTRY.tables {
        let sql = TableSql::of(table);
        let mut statements = vec![sql.load, sql.revisions, sql.lock, sql.insert, sql.update, sql.delete];
        for index in table.indexes {
            let sql = IndexSql::of(table, index);
            statements.push(sql.whole);
            statements.extend(sql.ranged);
        }
        for statement in statements {
            let prepared = connection.prepare(AssertSqlSafe(statement.clone()).into_sql_str()).await;
            assert!(prepared.is_ok(), "{}: {statement}\n{:?}", table.name, prepared.err());
        }
    }
}
