//! The server: a `satchel-server serve` process that is started again whenever it ends by itself, as a service is.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use anyhow::Context as _;
use satchel_tests::proxy::Proxy;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};
use uuid::Uuid;

/// Milliseconds after which a server that ended by itself is started again.
const AGAIN_MS: u64 = 100;
/// Seconds within which it has to listen once Postgres is there.
const LISTEN_MOST_S: u64 = 30;

/// What is done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// `kill -9`; it stays off until started.
    Kill,
    /// The same, and it cannot be started until it is let go.
    Hold,
    LetGo,
    /// An orderly end; it comes back by itself.
    Terminate,
    Start,
    Freeze,
    Thaw,
}

/// See the module.
pub struct Server {
    orders: mpsc::UnboundedSender<Order>,
    address: watch::Receiver<Option<SocketAddr>>,
    shared: Arc<Shared>,
    keeping: JoinHandle<()>,
}

struct Shared {
    program: PathBuf,
    url: Mutex<String>,
    log: PathBuf,
    secrets: [String; 2],
    airs: Mutex<Vec<Weak<Proxy>>>,
}

impl Server {
    /// Starts one over the database of `url`; what it complains of goes to a file in `folder`.
    pub fn start(program: &Path, url: &str, folder: &Path) -> Self {
        let secret = || format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let shared = Arc::new(Shared {
            program: program.to_owned(),
            url: Mutex::new(service(url)),
            log: folder.join("server.log"),
            secrets: [secret(), secret()],
            airs: Mutex::default(),
        });
        let (orders, inbox) = mpsc::unbounded_channel();
        let (listening, address) = watch::channel(None);
        let keeping = tokio::spawn(keep(shared.clone(), inbox, listening));
        Self { orders, address, shared, keeping }
    }

    /// A wire before it.
    ///
    /// # Panics
    /// When there is no port to be had.
    pub async fn air(&self) -> Arc<Proxy> {
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
        let air = Arc::new(Proxy::start(nowhere).await.expect("a free port"));
        air.retarget(*self.address.borrow());
        lock(&self.shared.airs).push(Arc::downgrade(&air));
        // It may have moved meanwhile.
        air.retarget(*self.address.borrow());
        air
    }

    /// From its next start on it serves this database.
    pub fn move_to(&self, url: &str) {
        *lock(&self.shared.url) = service(url);
    }

    /// `kill -9`; it stays off.
    pub fn kill(&self) {
        self.order(Order::Kill);
    }

    /// `kill -9`; it stays off, and nothing starts it, until it is let go.
    pub fn hold(&self) {
        self.order(Order::Hold);
    }

    /// Starts it after a [`hold`](Self::hold).
    pub fn let_go(&self) {
        self.order(Order::LetGo);
    }

    /// Starts it, if it is off.
    pub fn go_on(&self) {
        self.order(Order::Start);
    }

    /// Ends it in order; it comes back by itself.
    pub fn restart(&self) {
        self.order(Order::Terminate);
    }

    /// Stops its process.
    pub fn freeze(&self) {
        self.order(Order::Freeze);
    }

    /// Lets its process go on.
    pub fn thaw(&self) {
        self.order(Order::Thaw);
    }

    fn order(&self, order: Order) {
        // Whoever keeps it lives as long as this does.
        let _ = self.orders.send(order);
    }

    /// Where it listens, whenever that changes.
    pub fn address(&self) -> watch::Receiver<Option<SocketAddr>> {
        self.address.clone()
    }

    /// Waits until it listens.
    pub async fn listening(&self) -> anyhow::Result<String> {
        let mut address = self.address.clone();
        let found = timeout(Duration::from_secs(LISTEN_MOST_S), address.wait_for(Option::is_some)).await;
        let told = std::fs::read_to_string(&self.shared.log).unwrap_or_default();
        let last = || told.lines().last().unwrap_or_default().to_owned();
        let found = found.with_context(|| format!("the server does not listen; its last word: {}", last()))??;
        Ok(format!("http://{}", found.context("just seen")?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process goes with its handle.
        self.keeping.abort();
    }
}

/// The URL with the server's own role.
fn service(url: &str) -> String {
    url.replace("user=postgres", "user=satchel_service")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn keep(
    shared: Arc<Shared>,
    mut orders: mpsc::UnboundedReceiver<Order>,
    listening: watch::Sender<Option<SocketAddr>>,
) {
    let (mut child, mut wanted, mut held): (Option<Child>, bool, bool) = (None, true, false);
    let (heard, mut hears) = mpsc::unbounded_channel::<(u32, SocketAddr)>();
    loop {
        if wanted && !held && child.is_none() {
            child = spawn(&shared, &heard);
            if child.is_none() {
                sleep(Duration::from_millis(AGAIN_MS)).await;
                continue;
            }
        }
        tokio::select! {
            order = orders.recv() => match order {
                None => return,
                Some(Order::Start) => wanted = true,
                Some(Order::LetGo) => (held, wanted) = (false, true),
                Some(order @ (Order::Kill | Order::Hold)) => {
                    wanted = false;
                    held |= order == Order::Hold;
                    shared.announce(&listening, None);
                    if let Some(mut child) = child.take() {
                        // One that just ended by itself is as dead.
                        let _ = child.kill().await;
                    }
                }
                Some(Order::Terminate) => signal(child.as_ref(), "TERM"),
                Some(Order::Freeze) => signal(child.as_ref(), "STOP"),
                Some(Order::Thaw) => signal(child.as_ref(), "CONT"),
            },
            Some((process, address)) = hears.recv() => {
                if child.as_ref().and_then(Child::id) == Some(process) {
                    shared.announce(&listening, Some(address));
                }
            }
            () = ended(&mut child) => {
                child = None;
                shared.announce(&listening, None);
                sleep(Duration::from_millis(AGAIN_MS)).await;
            }
        }
    }
}

impl Shared {
    fn announce(&self, listening: &watch::Sender<Option<SocketAddr>>, address: Option<SocketAddr>) {
        listening.send_replace(address);
        lock(&self.airs).retain(|air| {
            air.upgrade().is_some_and(|air| {
                air.retarget(address);
                true
            })
        });
    }
}

async fn ended(child: &mut Option<Child>) {
    match child {
        Some(child) => {
            let _ = child.wait().await;
        }
        None => std::future::pending().await,
    }
}

/// None when it could not be started: it is tried again.
fn spawn(shared: &Shared, heard: &mpsc::UnboundedSender<(u32, SocketAddr)>) -> Option<Child> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(&shared.log).ok()?;
    let mut child = Command::new(&shared.program)
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "warn"])
        .env("DATABASE_URL", &*lock(&shared.url))
        .env("SATCHEL_ACCESS_SECRET", &shared.secrets[0])
        .env("SATCHEL_REFRESH_SECRET", &shared.secrets[1])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let (process, output) = (child.id()?, child.stdout.take()?);
    let heard = heard.clone();
    tokio::spawn(async move {
        let line = BufReader::new(output).lines().next_line().await.ok()??;
        let ready: Value = serde_json::from_str(&line).ok()?;
        let address = ready["listening"].as_str()?.strip_prefix("http://")?.parse().ok()?;
        heard.send((process, address)).ok()
    });
    Some(child)
}

/// Sends a signal by name, through `kill`.
pub fn signal(child: Option<&Child>, name: &str) {
    if let Some(process) = child.and_then(Child::id) {
        // A process that is gone needs none.
        let _ = std::process::Command::new("kill").args(["-s", name, &process.to_string()]).status();
    }
}
