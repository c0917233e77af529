//! The server's own counts.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Context as _;

/// Within which the server must tell.
const TIME: Duration = Duration::from_secs(30);

/// Counts since the server started, by name and labels.
#[derive(Clone, Debug, Default)]
pub struct Metrics(BTreeMap<String, u64>);

impl Metrics {
    /// Asks the server.
    ///
    /// # Errors
    /// When it does not tell.
    pub async fn of(server: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(TIME).build()?;
        let answer = http.get(format!("{server}/metrics")).send().await?.error_for_status();
        Ok(Self::read(&answer.context("the server does not tell its counts")?.text().await?))
    }

    fn read(text: &str) -> Self {
        let counts = text.lines().filter(|line| !line.starts_with('#'));
        Self(counts.filter_map(|line| line.rsplit_once(' ')).filter_map(count).collect())
    }

    /// How much a count grew since an earlier look.
    pub fn since(&self, earlier: &Self, name: &str) -> u64 {
        let at = |metrics: &Self| metrics.0.get(name).copied().unwrap_or_default();
        at(self).saturating_sub(at(earlier))
    }
}

fn count((name, value): (&str, &str)) -> Option<(String, u64)> {
    Some((name.to_owned(), value.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_with_their_labels() {
        let (earlier, later) = ("satchel_pushes_total 4\n", "# HELP x\nsatchel_pushes_total 9\na{status=\"5xx\"} 1\n");
        let (earlier, later) = (Metrics::read(earlier), Metrics::read(later));
        assert_eq!(later.since(&earlier, "satchel_pushes_total"), 5);
        assert_eq!(later.since(&earlier, "a{status=\"5xx\"}"), 1);
        assert_eq!(later.since(&earlier, "unheard of"), 0);
    }
}
