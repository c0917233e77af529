//! Every statement that is generated from the registry is one that Postgres understands.

use satchel_domain::REGISTRY;
use satchel_server::store::sql::{IndexSql, TableSql};
use satchel_tests::database;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

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
