//! `refresh FOLDER URL EMAIL PASSWORD`: how long it takes, without any boundary, from a mutation of this phone to the
//! refreshed rows: the median in microseconds, on standard output. Kotlin's figures stand beside it.

use std::{io::Write as _, time::Instant};

use satchel_client::{Client, ClientOptions, Status};
use satchel_domain::{
    REGISTRY,
    mutations::AcceptVisit,
    tables::{Visit, VisitState},
};
use satchel_protocol::{Cell, Record as _};

/// Mutations measured; as many as Kotlin measures.
const ROUNDS: usize = 200;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, url, email, password] = &arguments[..] else {
        return Err("usage: refresh FOLDER URL EMAIL PASSWORD".into());
    };
    let client = Client::open(ClientOptions::new(folder, url, &REGISTRY)).await?;
    client.sign_in(email, password, None).await?;
    client.start().await?;
    client.status().wait_for(Status::is_settled).await?;
    client.stop().await?;
    let condition = "state = 'dispatched' order by window_start limit 1";
    let visit = client.read(move |reader| reader.select::<Visit>(condition, &[])).await?.pop().ok_or("no visit")?;
    let mutation = AcceptVisit { job_id: visit.job_id, visit_id: visit.id, reason: None };
    let observation = client.observe(&[Visit::TABLE])?;
    let mut micros = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        observation.take();
        let begin = Instant::now();
        let done = client.mutate(&mutation).await?;
        observation.changed().await;
        let id = [Cell::from(visit.id)];
        let rows = client.read(move |reader| reader.select::<Visit>("id = ?1", &id)).await?;
        micros.push(begin.elapsed().as_micros());
        if rows.first().map(|row| &row.state) != Some(&VisitState::Accepted) {
            return Err("the rows were not refreshed".into());
        }
        client.undo(done.key).await?;
    }
    client.close().await;
    micros.sort_unstable();
    writeln!(std::io::stdout(), "{}", micros[ROUNDS / 2])?;
    Ok(())
}
