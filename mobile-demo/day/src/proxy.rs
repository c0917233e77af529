//! A stretch of air between a phone and the server, which can be cut.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Forwards connections to the server while the air is clear.
pub struct Proxy {
    address: SocketAddr,
    clear: watch::Sender<bool>,
}

impl Proxy {
    /// Opens a port of its own before `server`.
    pub async fn before(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port for the proxy")?;
        let address = listener.local_addr()?;
        let (clear, watching) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                tokio::spawn(forward(phone, server, watching.clone()));
            }
        });
        Ok(Self { address, clear })
    }

    /// Where the phone connects to.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Breaks every connection, and every new one, until [`restore`](Self::restore).
    pub fn cut(&self) {
        self.clear.send_replace(false);
    }

    /// Lets connections through again.
    pub fn restore(&self) {
        self.clear.send_replace(true);
    }
}

async fn forward(mut phone: TcpStream, server: SocketAddr, mut clear: watch::Receiver<bool>) {
    if !*clear.borrow() {
        return;
    }
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    // A broken connection is what this is for; neither end's error is of interest.
    tokio::select! {
        _ = copy_bidirectional(&mut phone, &mut server) => {}
        _ = clear.wait_for(|clear| !clear) => {}
    }
}
