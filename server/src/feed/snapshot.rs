//! What a transaction could see, as Postgres spells it.

use super::bytes::{Malformed, Reader, Writer};

/// Transactions a snapshot may list as running: more than any server accepts connections and prepared transactions.
pub const RUNNING_MAX: usize = 10_000;

/// A `pg_snapshot`: every transaction below `xmin` is seen or aborted, none from `xmax` on is seen, and those between
/// are not seen when they are in `running`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The lowest transaction that was still running.
    pub xmin: u64,
    /// One above the highest transaction that had ended.
    pub xmax: u64,
    /// The transactions between that were still running, ascending.
    pub running: Vec<u64>,
}

impl Snapshot {
    /// Reads Postgres' spelling, `xmin:xmax:xip,xip,...`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let xmin = parts.next()?.parse().ok()?;
        let xmax = parts.next()?.parse().ok()?;
        let listed = parts.next()?;
        let mut running = Vec::new();
        for id in listed.split(',').filter(|id| !id.is_empty()) {
            running.push(id.parse().ok()?);
        }
        let snapshot = Self { xmin, xmax, running };
        snapshot.is_sound().then_some(snapshot)
    }

    /// `xmax` as Postgres reads an `xid8`.
    pub fn xmax_text(&self) -> String {
        self.xmax.to_string()
    }

    /// The running transactions as Postgres reads an array of `xid8`.
    pub fn running_text(&self) -> Vec<String> {
        self.running.iter().map(u64::to_string).collect()
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.number(self.xmin);
        writer.number(self.xmax.saturating_sub(self.xmin));
        writer.number(self.running.len() as u64);
        let mut before = self.xmin;
        for id in &self.running {
            writer.number(id - before);
            before = *id;
        }
    }

    pub(crate) fn read(reader: &mut Reader) -> Result<Self, Malformed> {
        let xmin = reader.number()?;
        let xmax = xmin.checked_add(reader.number()?).ok_or(Malformed)?;
        let count = usize::try_from(reader.number()?).map_err(|_| Malformed)?;
        if count > RUNNING_MAX {
            return Err(Malformed);
        }
        let mut running = Vec::with_capacity(count);
        let mut before = xmin;
        for _ in 0..count {
            before = before.checked_add(reader.number()?).ok_or(Malformed)?;
            running.push(before);
        }
        let snapshot = Self { xmin, xmax, running };
        if snapshot.is_sound() { Ok(snapshot) } else { Err(Malformed) }
    }

    fn is_sound(&self) -> bool {
        let inside = self.running.iter().all(|id| (self.xmin..self.xmax).contains(id));
        let ascending = self.running.windows(2).all(|pair| pair[0] < pair[1]);
        // xid8 is unsigned, but Postgres never hands out the upper half; the bound keeps sums from overflowing.
        self.xmin > 0 && self.xmin <= self.xmax && self.xmax < 1 << 63 && inside && ascending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_postgres_spelling() {
        let snapshot = Snapshot::parse("795:802:795,797,801").unwrap();
        assert_eq!(snapshot, Snapshot { xmin: 795, xmax: 802, running: vec![795, 797, 801] });
        assert_eq!(snapshot.running_text(), ["795", "797", "801"]);
        assert_eq!(Snapshot::parse("795:795:").unwrap().running, Vec::<u64>::new());
        for bad in ["", "1", "1:2", "2:1:", "1:5:5", "1:5:3,2", "0:1:", "1:2:x", "-1:2:", "1:99999999999999999999:"] {
            assert_eq!(Snapshot::parse(bad), None, "{bad}");
        }
    }
}
