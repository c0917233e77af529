//! Base images, staged rows and seen rows: what the server said of rows that cannot simply be written.

use rusqlite::params;
use satchel_protocol::{Row, RowKey};

use super::{
    Tx,
    failure::damaged,
    table::{read_uuid, text},
};
use crate::error::StoreError;

impl Tx<'_> {
    /// A base image, by its number; `None` when the server has no such row.
    pub(crate) fn base(&self, key: RowKey, number: i64) -> Result<Option<Row>, StoreError> {
        let image = self
            .connection
            .prepare_cached("select image from _base where number = ?1")?
            .query_row([number], |row| row.get(0))?;
        self.decode_image(key.table, image)
    }

    /// Gives a row a base image; its number is returned.
    pub(crate) fn add_base(&self, key: RowKey, image: Option<&Row>) -> Result<i64, StoreError> {
        self.connection
            .prepare_cached("insert into _base (table_name, row_id, image) values (?1, ?2, ?3)")?
            .execute(params![key.table, text(key.id), encode(image)?])?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Changes a base image.
    pub(crate) fn set_base(&self, number: i64, image: Option<&Row>) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("update _base set image = ?2 where number = ?1")?
            .execute(params![number, encode(image)?])?;
        Ok(())
    }

    /// Drops a base image.
    pub(crate) fn drop_base(&self, number: i64) -> Result<(), StoreError> {
        self.connection.prepare_cached("delete from _base where number = ?1")?.execute([number])?;
        Ok(())
    }

    /// Every row that has a base image, with its number. Rows of tables this build does not know are left out.
    pub(crate) fn based(&self) -> Result<Vec<(RowKey, i64)>, StoreError> {
        let mut statement = self.connection.prepare_cached("select table_name, row_id, number from _base")?;
        let mut rows = statement.query([])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            if let Some(sql) = self.schema.table(row.get_ref(0)?.as_str().map_err(|_| damaged("a table name"))?) {
                keys.push((RowKey { table: sql.table.name, id: read_uuid(row.get_ref(1)?)? }, row.get(2)?));
            }
        }
        Ok(keys)
    }

    /// Keeps what the server says of a row until the pass ends.
    pub(crate) fn stage(&self, key: RowKey, image: Option<&Row>) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("insert or replace into _staged (table_name, row_id, image) values (?1, ?2, ?3)")?
            .execute(params![key.table, text(key.id), encode(image)?])?;
        Ok(())
    }

    /// Forgets what is staged of a row.
    pub(crate) fn unstage(&self, key: RowKey) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("delete from _staged where table_name = ?1 and row_id = ?2")?
            .execute(params![key.table, text(key.id)])?;
        Ok(())
    }

    /// Whether any row is staged.
    pub(crate) fn any_staged(&self) -> Result<bool, StoreError> {
        let mut any = self.connection.prepare_cached("select exists (select 1 from _staged)")?;
        Ok(any.query_row([], |row| row.get(0))?)
    }

    /// Every staged row.
    pub(crate) fn staged(&self) -> Result<Vec<(RowKey, Option<Row>)>, StoreError> {
        let mut statement = self.connection.prepare_cached("select table_name, row_id, image from _staged")?;
        let mut rows = statement.query([])?;
        let mut staged = Vec::new();
        while let Some(row) = rows.next()? {
            if let Some(sql) = self.schema.table(row.get_ref(0)?.as_str().map_err(|_| damaged("a table name"))?) {
                let key = RowKey { table: sql.table.name, id: read_uuid(row.get_ref(1)?)? };
                staged.push((key, self.decode_image(key.table, row.get(2)?)?));
            }
        }
        Ok(staged)
    }

    /// Notes that the pass sent a row.
    pub(crate) fn mark_seen(&self, key: RowKey) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("insert or ignore into _seen (table_name, row_id) values (?1, ?2)")?
            .execute(params![key.table, text(key.id)])?;
        Ok(())
    }

    /// Whether the pass sent a row.
    pub(crate) fn is_seen(&self, key: RowKey) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached("select 1 from _seen where table_name = ?1 and row_id = ?2")?
            .exists(params![key.table, text(key.id)])?)
    }

    fn decode_image(&self, table: &str, image: Option<String>) -> Result<Option<Row>, StoreError> {
        let Some(image) = image else {
            return Ok(None);
        };
        let row: Row = serde_json::from_str(&image).map_err(|_| damaged("a base image"))?;
        self.sql(table)?.table.decode_row(row).map(Some).map_err(StoreError::Stored)
    }
}

fn encode(image: Option<&Row>) -> Result<Option<String>, StoreError> {
    image.map(|row| serde_json::to_string(row).map_err(|_| damaged("a base image"))).transpose()
}
