//! The machinery: a private Postgres, the server, two phones, and the office.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use satchel_stage::{
    office::Office,
    people::{People, Person},
    proxy::Proxy,
    server::{self, PrivateServer, Size},
};
use tokio::process::Command;

use crate::{narrator::Narrator, phone::Phone};

/// Everything that runs.
pub struct Stage {
    /// Who plays.
    pub people: People,
    /// The two technicians' phones.
    pub phones: [Phone; 2],
    /// The dispatcher.
    pub office: Office,
    /// The server, and psql.
    pub server: PrivateServer,
    programs: PathBuf,
    // After the server, which still writes there.
    _folder: tempfile::TempDir,
}

impl Stage {
    /// Starts it all; a child process ends with this one.
    pub async fn build(narrator: &Narrator, seed: u64, pricebook_items: u32) -> anyhow::Result<Self> {
        let programs = server::programs()?;
        let folder = tempfile::Builder::new().prefix("satchel-day-").tempdir()?;
        let data = folder.path().join("server");
        narrator.chapter("Morning: the office opens");
        narrator.say("A private Postgres starts, and a made-up contractor moves in.");
        let size = Size { organizations: 2, technicians: 4, jobs_per_technician: 24, pricebook_items, seed };
        let people = People::read(&PrivateServer::seed(&programs, &data, &size).await?)?;
        let server = PrivateServer::start(&programs, &data).await?;
        narrator.say(&format!("{} works in two organizations' worth of data; the server listens.", people.org_name));
        let office = Office::sign_in(&server.url(), people.org_id, &people.dispatcher).await?;
        let terminal = programs.join("satchel-terminal");
        let [first, second] = of_one_branch(&people)?;
        let phones = [
            Phone::new(terminal.clone(), folder.path(), first, Proxy::start(server.address()).await?),
            Phone::new(terminal, folder.path(), second, Proxy::start(server.address()).await?),
        ];
        Ok(Self { people, phones, office, server, programs, _folder: folder })
    }

    /// Leaves the server to the audience, with a phone to play with, until it is interrupted.
    pub async fn leave_running(&mut self, narrator: &Narrator) -> anyhow::Result<()> {
        let [first, second] = &mut self.phones;
        first.quit().await?;
        let (person, url) = (&first.person, self.server.url());
        narrator.chapter("The rest of the day is yours");
        narrator.say(&format!("The server runs at {url} and ends when you leave the phone."));
        narrator.say(&format!("Another phone: satchel-terminal --server {url} --file another.satchel"));
        narrator.say(&format!("Sign in as {} with the password {:?}.", second.person.email, person.password));
        narrator.say(&format!("This is {}'s phone: ? shows its keys.", person.first_name()));
        let status = Command::new(self.programs.join("satchel-terminal"))
            .arg("--file")
            .arg(first.file())
            .args(["--server", &url])
            .status()
            .await?;
        if !status.success() {
            bail!("the phone ended with {status}");
        }
        Ok(())
    }
}

/// The first technician, and the next of the same branch.
fn of_one_branch(people: &People) -> anyhow::Result<[Person; 2]> {
    let first = people.technicians.first().context("the seed made no technician")?;
    let second = people.technicians.iter().skip(1).find(|other| other.branch_id == first.branch_id);
    Ok([first.clone(), second.context("no second technician in that branch")?.clone()])
}
