//! Where the fleet works: a server, private or not, and a contractor's people.

use std::{net::SocketAddr, path::Path};

use anyhow::{Context as _, ensure};
use satchel_stage::{
    office::Office,
    people::People,
    server::{self, PrivateServer, Size},
};
use tempfile::TempDir;

use crate::{options::Options, plan::Plan, progress::Progress};

/// See the module.
pub struct Site {
    private: Option<PrivateServer>,
    url: String,
    address: Option<SocketAddr>,
    people: People,
    /// The dispatcher.
    pub office: Office,
    // After the server, which still writes there.
    folder: TempDir,
}

impl Site {
    /// Opens the site that the options ask for.
    ///
    /// # Errors
    /// When there is no server, or it has too few technicians.
    pub async fn open(options: &Options, plan: &Plan, progress: &Progress) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("satchel-fleet-").tempdir()?;
        let (private, url, people) = match (&options.server, &options.people) {
            (Some(url), Some(file)) => {
                let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
                let seeded = serde_json::from_str(&text).context("the people are no JSON")?;
                (None, url.trim_end_matches('/').to_owned(), People::read(&seeded)?)
            }
            _ => {
                progress.say("A private server starts, and a made-up contractor of fitting size moves in.");
                let (server, people) = private(options, plan, folder.path()).await?;
                let url = server.url();
                (Some(server), url, people)
            }
        };
        let there = people.technicians.len();
        ensure!(there >= options.technicians as usize, "the contractor has {there} technicians only: take fewer");
        // A wire of others can be led through a proxy unless it is encrypted.
        let address = match url.strip_prefix("http://") {
            Some(place) => resolve(place.split('/').next().unwrap_or(place)).await?,
            None => None,
        };
        let office = Office::sign_in(&url, people.org_id, &people.dispatcher).await?;
        Ok(Self { private, url, address, people, office, folder })
    }

    /// The server, if it is ours.
    pub fn private(&self) -> Option<&PrivateServer> {
        self.private.as_ref()
    }

    /// The server's URL, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where a proxy can connect to; none where it could not.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// The contractor's people.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Where phones have their folders. Gone with the site.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

async fn private(options: &Options, plan: &Plan, folder: &Path) -> anyhow::Result<(PrivateServer, People)> {
    let (programs, data) = (server::programs()?, folder.join("server"));
    // All of today's, and half of the others, lie ahead.
    let jobs = 2 * plan.visits_a_day * options.days as usize + 4;
    let size = Size {
        organizations: 1,
        technicians: options.technicians,
        jobs_per_technician: u32::try_from(jobs)?,
        pricebook_items: options.pricebook_items,
        seed: options.seed,
    };
    let people = People::read(&PrivateServer::seed(&programs, &data, &size).await?)?;
    Ok((PrivateServer::start(&programs, &data).await?, people))
}

async fn resolve(place: &str) -> anyhow::Result<Option<SocketAddr>> {
    let place = if place.contains(':') { place.to_owned() } else { format!("{place}:80") };
    let mut found = tokio::net::lookup_host(&place).await.context("the server's name cannot be resolved")?;
    Ok(found.next())
}
