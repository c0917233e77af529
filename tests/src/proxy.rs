//! A TCP proxy between a phone and its server that can be cut, slowed and made to swallow or refuse, and that counts.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::sleep,
};

/// Bytes carried at a time.
const CHUNK_BYTES: usize = 16 * 1024;

/// See the module. Ends with its last connection when dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    ways: Arc<Ways>,
    accepting: JoinHandle<()>,
}

/// What a proxy does and has seen.
#[derive(Debug)]
struct Ways {
    target: SocketAddr,
    cut: watch::Sender<u64>,
    open: AtomicBool,
    swallow_down: AtomicBool,
    refuse_websockets: AtomicBool,
    delay_ms: AtomicU64,
    /// Bytes down that are still let through before the wire is cut.
    down_left: AtomicU64,
    up_bytes: AtomicU64,
    down_bytes: AtomicU64,
    connections: AtomicU64,
    exchanges: AtomicU64,
}

/// What went through a proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Connections accepted while open.
    pub connections: u64,
    /// Bytes from phones.
    pub up_bytes: u64,
    /// Bytes to phones.
    pub down_bytes: u64,
    /// Times that something went down after something had gone up: round trips, those of TCP's own apart.
    pub exchanges: u64,
}

impl Proxy {
    /// Starts one before `target`.
    ///
    /// # Panics
    /// When there is no port to be had.
    pub async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let ways = Arc::new(Ways {
            target,
            cut: watch::Sender::new(0),
            open: AtomicBool::new(true),
            swallow_down: AtomicBool::new(false),
            refuse_websockets: AtomicBool::new(false),
            delay_ms: AtomicU64::new(0),
            down_left: AtomicU64::new(u64::MAX),
            up_bytes: AtomicU64::new(0),
            down_bytes: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            exchanges: AtomicU64::new(0),
        });
        let accepting = tokio::spawn(accept(listener, ways.clone()));
        Self { address, ways, accepting }
    }

    /// The URL that phones are given.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts every connection and lets no new one through.
    pub fn cut(&self) {
        self.ways.open.store(false, Ordering::SeqCst);
        self.break_off();
    }

    /// Cuts every connection; new ones pass.
    pub fn break_off(&self) {
        self.ways.cut.send_modify(|cuts| *cuts += 1);
    }

    /// Undoes cuts, limits, delays and refusals.
    pub fn mend(&self) {
        self.ways.swallow_down.store(false, Ordering::SeqCst);
        self.ways.refuse_websockets.store(false, Ordering::SeqCst);
        self.ways.delay_ms.store(0, Ordering::SeqCst);
        self.ways.down_left.store(u64::MAX, Ordering::SeqCst);
        self.ways.open.store(true, Ordering::SeqCst);
    }

    /// From now on the server hears phones, but phones do not hear the server.
    pub fn swallow_down(&self) {
        self.ways.swallow_down.store(true, Ordering::SeqCst);
    }

    /// Answers WebSocket upgrades with 403, as some networks do.
    pub fn refuse_websockets(&self) {
        self.ways.refuse_websockets.store(true, Ordering::SeqCst);
    }

    /// Holds everything up for a while, each way.
    pub fn delay(&self, delay: Duration) {
        self.ways.delay_ms.store(u64::try_from(delay.as_millis()).expect("a short time"), Ordering::SeqCst);
    }

    /// Cuts the wire for good, until mended, once so many more bytes have gone down.
    pub fn cut_after_down(&self, bytes: u64) {
        self.ways.down_left.store(bytes, Ordering::SeqCst);
    }

    /// Whether no new connection is let through.
    pub fn is_cut(&self) -> bool {
        !self.ways.open.load(Ordering::SeqCst)
    }

    /// What went through until now.
    pub fn traffic(&self) -> Traffic {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Traffic {
            connections: read(&self.ways.connections),
            up_bytes: read(&self.ways.up_bytes),
            down_bytes: read(&self.ways.down_bytes),
            exchanges: read(&self.ways.exchanges),
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Traffic {
    /// What was added since an earlier look.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self {
            connections: self.connections - earlier.connections,
            up_bytes: self.up_bytes - earlier.up_bytes,
            down_bytes: self.down_bytes - earlier.down_bytes,
            exchanges: self.exchanges - earlier.exchanges,
        }
    }
}

async fn accept(listener: TcpListener, ways: Arc<Ways>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((phone, _)) = listener.accept().await else { return };
        if ways.open.load(Ordering::SeqCst) {
            ways.connections.fetch_add(1, Ordering::SeqCst);
            connections.spawn(carry(phone, ways.clone()));
        }
    }
}

async fn carry(phone: TcpStream, ways: Arc<Ways>) {
    let mut cut = ways.cut.subscribe();
    let Ok(server) = TcpStream::connect(ways.target).await else { return };
    let _ = (phone.set_nodelay(true), server.set_nodelay(true));
    let (from_phone, to_phone) = phone.into_split();
    let (from_server, to_server) = server.into_split();
    let went_up = Arc::new(AtomicBool::new(false));
    tokio::select! {
        _ = up(from_phone, to_server, &ways, &went_up) => {}
        _ = down(from_server, to_phone, &ways, &went_up) => {}
        _ = cut.changed() => {}
    }
}

async fn up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, ways: &Ways, went_up: &AtomicBool) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let bytes = from.read(&mut chunk).await?;
        let refused = ways.refuse_websockets.load(Ordering::SeqCst) && is_upgrade(&chunk[..bytes]);
        if bytes == 0 || refused {
            return Ok(());
        }
        pause(ways).await;
        ways.up_bytes.fetch_add(bytes as u64, Ordering::SeqCst);
        went_up.store(true, Ordering::SeqCst);
        to.write_all(&chunk[..bytes]).await?;
    }
}

async fn down(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    ways: &Ways,
    went_up: &AtomicBool,
) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let bytes = from.read(&mut chunk).await?;
        if bytes == 0 {
            return Ok(());
        }
        pause(ways).await;
        if ways.swallow_down.load(Ordering::SeqCst) {
            continue;
        }
        let left = ways.down_left.load(Ordering::SeqCst);
        if left != u64::MAX {
            let some = bytes.min(usize::try_from(left).unwrap_or(usize::MAX));
            to.write_all(&chunk[..some]).await?;
            ways.down_left.store(left - some as u64, Ordering::SeqCst);
            ways.down_bytes.fetch_add(some as u64, Ordering::SeqCst);
            if some < bytes {
                ways.open.store(false, Ordering::SeqCst);
                ways.cut.send_modify(|cuts| *cuts += 1);
                return Ok(());
            }
            continue;
        }
        ways.down_bytes.fetch_add(bytes as u64, Ordering::SeqCst);
        if went_up.swap(false, Ordering::SeqCst) {
            ways.exchanges.fetch_add(1, Ordering::SeqCst);
        }
        to.write_all(&chunk[..bytes]).await?;
    }
}

async fn pause(ways: &Ways) {
    let delay_ms = ways.delay_ms.load(Ordering::SeqCst);
    if delay_ms > 0 {
        sleep(Duration::from_millis(delay_ms)).await;
    }
}

fn is_upgrade(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    text.contains("upgrade: websocket")
}
