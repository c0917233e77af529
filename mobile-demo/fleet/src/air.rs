//! The network of one phone, as planned.

use satchel_client::{Client, ClientError};
use satchel_stage::proxy::Proxy;

use crate::{
    clock::Clock,
    plan::{Itinerary, OutageKind},
};

/// Lives through the outages of an itinerary; afterwards the network is good. A wire that is not ours cannot be cut:
/// there, the phone is told of every outage.
pub async fn blow(
    clock: Clock,
    itinerary: &Itinerary,
    wire: Option<&Proxy>,
    client: &Client,
) -> Result<(), ClientError> {
    if let Some(wire) = wire {
        wire.delay(itinerary.delay);
    }
    for outage in &itinerary.outages {
        clock.until(outage.from).await;
        match (outage.kind, wire) {
            (OutageKind::Cut, Some(wire)) => wire.cut(),
            (OutageKind::Deaf, Some(wire)) => wire.swallow_down(),
            (OutageKind::Told, Some(wire)) => {
                wire.cut();
                client.set_network(false).await?;
            }
            (_, None) => client.set_network(false).await?,
        }
        clock.until(outage.until).await;
        clear(wire, client).await?;
        if let Some(wire) = wire {
            wire.delay(itinerary.delay);
        }
    }
    Ok(())
}

/// Makes the network good.
pub async fn clear(wire: Option<&Proxy>, client: &Client) -> Result<(), ClientError> {
    if let Some(wire) = wire {
        // What was swallowed never comes: no connection may go on behind it.
        wire.break_off();
        wire.mend();
    }
    client.set_network(true).await
}
