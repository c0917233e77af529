//! A TCP proxy between a phone and its server that can be cut, slowed, stalled and made to swallow, forget, repeat or
//! refuse, and that counts.

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
    target: watch::Sender<Option<SocketAddr>>,
    cut: watch::Sender<u64>,
    forgotten: watch::Sender<u64>,
    forget: AtomicBool,
    stalled: watch::Sender<bool>,
    repeat_pushes: AtomicBool,
    repeated: AtomicU64,
    open: AtomicBool,
    swallow_down: AtomicBool,
    lose_down: watch::Sender<bool>,
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
    /// # Errors
    /// When there is no port to be had.
    pub async fn start(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let ways = Arc::new(Ways {
            target: watch::Sender::new(Some(target)),
            cut: watch::Sender::new(0),
            forgotten: watch::Sender::new(0),
            forget: AtomicBool::new(false),
            stalled: watch::Sender::new(false),
            repeat_pushes: AtomicBool::new(false),
            repeated: AtomicU64::new(0),
            open: AtomicBool::new(true),
            swallow_down: AtomicBool::new(false),
            lose_down: watch::Sender::new(false),
            refuse_websockets: AtomicBool::new(false),
            delay_ms: AtomicU64::new(0),
            down_left: AtomicU64::new(u64::MAX),
            up_bytes: AtomicU64::new(0),
            down_bytes: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            exchanges: AtomicU64::new(0),
        });
        let accepting = tokio::spawn(accept(listener, ways.clone()));
        Ok(Self { address, ways, accepting })
    }

    /// The URL that phones are given.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on new connections go there, or are refused.
    pub fn retarget(&self, target: Option<SocketAddr>) {
        self.ways.target.send_replace(target);
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

    /// Nothing gets through any more, and neither end learns of it: connections of now and until mended are forgotten
    /// for good, as by a router that was restarted.
    pub fn forget(&self) {
        self.ways.forget.store(true, Ordering::SeqCst);
        self.ways.forgotten.send_modify(|times| *times += 1);
    }

    /// Nothing gets through until mended; then everything does.
    pub fn stall(&self) {
        self.ways.stalled.send_replace(true);
    }

    /// Sends every push by HTTP to the server once more, on a connection of its own.
    pub fn repeat_pushes(&self) {
        self.ways.repeat_pushes.store(true, Ordering::SeqCst);
    }

    /// How many pushes were sent once more.
    pub fn repeated(&self) -> u64 {
        self.ways.repeated.load(Ordering::SeqCst)
    }

    /// Undoes cuts, losses, limits, delays, stalls and refusals.
    pub fn mend(&self) {
        self.ways.lose_down.send_replace(false);
        self.ways.forget.store(false, Ordering::SeqCst);
        self.ways.repeat_pushes.store(false, Ordering::SeqCst);
        self.ways.stalled.send_replace(false);
        self.ways.swallow_down.store(false, Ordering::SeqCst);
        self.ways.refuse_websockets.store(false, Ordering::SeqCst);
        self.ways.delay_ms.store(0, Ordering::SeqCst);
        self.ways.down_left.store(u64::MAX, Ordering::SeqCst);
        self.ways.open.store(true, Ordering::SeqCst);
    }

    /// From now on the server hears phones, but phones do not hear the server. A connection from which anything was
    /// swallowed brings nothing down any more, also once mended.
    pub fn swallow_down(&self) {
        self.ways.swallow_down.store(true, Ordering::SeqCst);
    }

    /// Whether what the server says is swallowed.
    pub fn swallows(&self) -> bool {
        self.ways.swallow_down.load(Ordering::SeqCst)
    }

    /// The next chunk down is lost, and the connection goes on behind it: no TCP does that, a faulty gateway may.
    pub fn lose_next_down(&self) {
        self.ways.lose_down.send_replace(true);
    }

    /// Waits until the chunk that was to be lost has come, and is.
    pub async fn lost(&self) {
        let mut loses = self.ways.lose_down.subscribe();
        // The sender lives as long as the ways.
        let _ = loses.wait_for(|loses| !loses).await;
    }

    /// Answers WebSocket upgrades with 403, as some networks do.
    pub fn refuse_websockets(&self) {
        self.ways.refuse_websockets.store(true, Ordering::SeqCst);
    }

    /// Holds everything up for a while, each way.
    pub fn delay(&self, delay: Duration) {
        self.ways.delay_ms.store(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), Ordering::SeqCst);
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

impl std::iter::Sum for Traffic {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            connections: sum.connections + one.connections,
            up_bytes: sum.up_bytes + one.up_bytes,
            down_bytes: sum.down_bytes + one.down_bytes,
            exchanges: sum.exchanges + one.exchanges,
        })
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
    let (mut cut, mut forgotten) = (ways.cut.subscribe(), ways.forgotten.subscribe());
    if ways.forget.load(Ordering::SeqCst) {
        return swallow(phone).await;
    }
    let Ok(server) = connect(&ways).await else { return };
    let _ = (phone.set_nodelay(true), server.set_nodelay(true));
    let (mut from_phone, mut to_phone) = phone.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let went_up = Arc::new(AtomicBool::new(false));
    let lost = tokio::select! {
        _ = up(&mut from_phone, &mut to_server, &ways, &went_up) => false,
        _ = down(&mut from_server, &mut to_phone, &ways, &went_up) => false,
        _ = cut.changed() => false,
        _ = forgotten.changed() => true,
    };
    if lost {
        // Both ends are held open: neither is told, and the server is not even told that the phone gave up.
        tokio::join!(drain(from_phone), drain(from_server));
    }
}

async fn connect(ways: &Ways) -> std::io::Result<TcpStream> {
    let target = *ways.target.borrow();
    TcpStream::connect(target.ok_or(std::io::ErrorKind::ConnectionRefused)?).await
}

/// Keeps a connection that nobody answers until its phone gives up.
async fn swallow(phone: TcpStream) {
    let (from_phone, _to_phone) = phone.into_split();
    drain(from_phone).await;
}

async fn drain(mut from: OwnedReadHalf) {
    let mut chunk = vec![0; CHUNK_BYTES];
    while from.read(&mut chunk).await.is_ok_and(|bytes| bytes > 0) {}
}

async fn up(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    ways: &Arc<Ways>,
    went_up: &AtomicBool,
) -> std::io::Result<()> {
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
        if ways.repeat_pushes.load(Ordering::SeqCst) && is_push(&chunk[..bytes]) {
            tokio::spawn(repeat(chunk[..bytes].to_vec(), ways.clone()));
        }
    }
}

async fn down(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    ways: &Ways,
    went_up: &AtomicBool,
) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut lacks = false;
    loop {
        let bytes = from.read(&mut chunk).await?;
        if bytes == 0 {
            return Ok(());
        }
        pause(ways).await;
        // TCP delivers nothing behind what is missing, not even in the moment before a connection breaks.
        lacks |= ways.swallow_down.load(Ordering::SeqCst);
        if lacks || ways.lose_down.send_if_modified(std::mem::take) {
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
    let mut stalled = ways.stalled.subscribe();
    // The sender lives as long as the ways.
    let _ = stalled.wait_for(|stalled| !stalled).await;
}

/// Sends a request on a connection of its own; its answer is of no interest.
async fn repeat(request: Vec<u8>, ways: Arc<Ways>) {
    let Ok(mut server) = connect(&ways).await else { return };
    if server.write_all(&request).await.is_ok() {
        ways.repeated.fetch_add(1, Ordering::SeqCst);
        let mut answer = [0; 1];
        let _ = server.read(&mut answer).await;
    }
}

/// Whether a chunk is a whole push by HTTP.
fn is_push(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    head.starts_with("post ") && head.contains("/api/v1/sync/push ") && length == Some(body.len())
}

fn is_upgrade(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    text.contains("upgrade: websocket")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than sockets hold: once it is written, the proxy has taken some of it.
    const MUCH_BYTES: usize = 64 * 1024 * 1024;

    #[tokio::test]
    async fn nothing_comes_down_behind_what_was_swallowed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Proxy::start(listener.local_addr().unwrap()).await.unwrap();
        let mut phone = TcpStream::connect(proxy.address).await.unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        server.write_all(b"before").await.unwrap();
        let mut heard = [0; 6];
        phone.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"before");
        proxy.swallow_down();
        server.write_all(&vec![0; MUCH_BYTES]).await.unwrap();
        proxy.mend();
        server.write_all(b"behind").await.unwrap();
        drop(server);
        let mut rest = Vec::new();
        phone.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"");
    }
}
