//! The phone with a screen.
//!
//! Invariants: what is shown is read again after every commit that touches it; the screen is drawn again after every
//! key, change and second; nothing done for a key waits for the network but signing in, and that not on the drawing task.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossterm::event::{self, Event, KeyEvent, KeyEventKind};
use jiff::Timestamp;
use ratatui::DefaultTerminal;
use satchel_client::{ClientError, Observation, session::SignInError, store::Identity};
use tokio::{sync::mpsc, time::MissedTickBehavior};

use crate::{
    app::{App, Effect, Screen},
    load,
    options::Options,
    phone::Phone,
    screens::{self, Action, Goto, SignInScreen},
};

/// Keys waiting to be taken.
const KEYS: usize = 64;
/// How often the ages on the screen move on.
const TICK: Duration = Duration::from_secs(1);

type SignedIn = Result<Identity, ClientError>;

/// Runs until the person quits.
pub async fn run(options: &Options) -> anyhow::Result<()> {
    let phone = Phone::open(options).await?;
    let mut terminal = ratatui::try_init().context("this is no terminal: try --commands")?;
    let outcome = Session::new(phone, options).run(&mut terminal).await;
    ratatui::restore();
    outcome
}

struct Session {
    phone: Phone,
    app: App,
    server: String,
    cut: bool,
    changes: Option<Observation>,
    signed_in: (mpsc::Sender<SignedIn>, mpsc::Receiver<SignedIn>),
    over: bool,
}

impl Session {
    fn new(phone: Phone, options: &Options) -> Self {
        let screen = Screen::SignIn(SignInScreen::new(&options.server, None));
        Self {
            phone,
            app: App::new(screen, Timestamp::now()),
            server: options.server.clone(),
            cut: options.offline,
            changes: None,
            signed_in: mpsc::channel(1),
            over: false,
        }
    }

    async fn run(mut self, terminal: &mut DefaultTerminal) -> anyhow::Result<()> {
        if self.phone.client.identity().is_ok() {
            self.enter().await?;
        }
        let mut keys = keys();
        let mut status = self.phone.client.status();
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut published = Instant::now();
        while !self.over {
            if status.has_changed().unwrap_or(false) {
                published = Instant::now();
            }
            self.app.now = Timestamp::now();
            let told = status.borrow_and_update().clone();
            self.app.sync = load::sync(&self.phone.client, &told, self.cut, published.elapsed());
            terminal.draw(|frame| screens::draw(frame, &self.app))?;
            tokio::select! {
                key = keys.recv() => match key {
                    Some(key) => self.press(key?).await?,
                    None => break,
                },
                () = changed(self.changes.as_ref()) => self.renew().await?,
                Some(result) = self.signed_in.1.recv() => self.signed_in(result).await?,
                _ = status.changed() => {}
                _ = tick.tick() => {}
            }
        }
        self.phone.client.close().await;
        Ok(())
    }

    /// Shows the replica of whoever is signed in.
    async fn enter(&mut self) -> anyhow::Result<()> {
        self.changes = Some(self.phone.client.observe(&[])?);
        let who = load::who(&self.phone.client).await?;
        if let Some(day) = load::load(&self.phone.client, &who, Timestamp::now(), Goto::Day(0), "").await? {
            self.app.restart(Screen::of(day));
        }
        self.app.who = Some(who);
        Ok(())
    }

    /// Reads again what is shown.
    async fn renew(&mut self) -> anyhow::Result<()> {
        self.app.who = Some(load::who(&self.phone.client).await?);
        match self.app.screen().place() {
            Some(goto) => self.open(goto).await,
            None => Ok(()),
        }
    }

    async fn open(&mut self, goto: Goto) -> anyhow::Result<()> {
        let Some(who) = &self.app.who else { return Ok(()) };
        let text = match self.app.screen() {
            Screen::Search(search) => search.text(),
            _ => String::new(),
        };
        match load::load(&self.phone.client, who, Timestamp::now(), goto, &text).await? {
            Some(loaded) => self.app.show(loaded),
            None if self.app.screen().place() == Some(goto) => {
                self.app.gone();
                Box::pin(self.renew()).await?;
            }
            None => self.app.say("This is not on this phone any more.", true),
        }
        Ok(())
    }

    async fn press(&mut self, key: KeyEvent) -> anyhow::Result<()> {
        let before = self.app.screen().place();
        match self.app.press(key) {
            Some(Effect::Open(goto)) => self.open(goto).await?,
            Some(Effect::Act(action)) => self.act(action).await?,
            // Going back uncovers a screen that may have aged.
            None if self.app.screen().place() != before => self.renew().await?,
            None => {}
        }
        Ok(())
    }

    async fn act(&mut self, action: Action) -> anyhow::Result<()> {
        match action {
            Action::SignIn { email, password, org_id } => {
                let (phone, report) = (self.phone.clone(), self.signed_in.0.clone());
                tokio::spawn(async move {
                    // Nobody waits for the answer once the person has left.
                    let _ = report.send(phone.sign_in(&email, &password, org_id).await).await;
                });
            }
            Action::AskSignIn => {
                let org_id = self.phone.client.identity().ok().map(|identity| identity.org_id);
                self.app.push(Screen::SignIn(SignInScreen::new(&self.server, org_id)));
            }
            Action::Order(order) => {
                let done = self.phone.client.mutate_named(order.name, order.args).await.map(|_| order.said);
                self.told(done);
                self.renew().await?;
            }
            Action::EditNote { note_id, base, text } => {
                let done = self.phone.client.edit_note(note_id, Some(base), text).await;
                let done = done.map(|_| "Note saved.".to_owned());
                let saved = self.told(done);
                self.app.note_saved(saved);
                self.renew().await?;
            }
            Action::Search(_) => self.renew().await?,
            Action::ToggleNetwork => {
                self.cut = !self.cut;
                self.phone.client.set_network(!self.cut).await?;
            }
            Action::Retry(key) => {
                let done = self.phone.client.retry(key).await.map(|_| "Sent again.".to_owned());
                self.told(done);
                self.renew().await?;
            }
            Action::Undo(key) => {
                let done = self.phone.undo(key, false).await.map(|()| "Taken back.".to_owned());
                self.told(done);
                self.renew().await?;
            }
            Action::HandOver(key) => {
                let done = self.phone.client.hand_over(key, None).await;
                self.told(done.map(|()| "Handed to the office.".to_owned()));
                self.renew().await?;
            }
            Action::UndoGroup(key) => {
                let done = self.phone.undo(key, true).await.map(|()| "Taken back with what waited for it.".to_owned());
                self.told(done);
                self.renew().await?;
            }
            Action::Quit => self.over = true,
        }
        Ok(())
    }

    /// Tells the person how it went; says whether it went well. Nothing that fails here ends the phone.
    fn told(&mut self, done: Result<String, ClientError>) -> bool {
        let bad = done.is_err();
        let text = done.unwrap_or_else(|error| error.to_string());
        self.app.say(text, bad);
        !bad
    }

    async fn signed_in(&mut self, result: SignedIn) -> anyhow::Result<()> {
        match (result, self.app.sign_in()) {
            (Ok(_), _) => {
                self.phone.client.set_network(!self.cut).await?;
                self.enter().await?;
            }
            (Err(ClientError::SignIn(SignInError::ChooseOrganization(memberships))), Some(screen)) => {
                screen.choose(memberships);
            }
            (Err(error), Some(screen)) => screen.refuse(error.to_string()),
            (Err(_), None) => {}
        }
        Ok(())
    }
}

async fn changed(changes: Option<&Observation>) {
    match changes {
        Some(changes) => {
            changes.changed().await;
        }
        None => std::future::pending().await,
    }
}

/// Keys as they are pressed. The thread ends with the process: reading a terminal cannot be broken off.
fn keys() -> mpsc::Receiver<std::io::Result<KeyEvent>> {
    let (sender, keys) = mpsc::channel(KEYS);
    std::thread::spawn(move || {
        loop {
            let key = match event::read() {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => Ok(key),
                Ok(_) => continue,
                Err(error) => Err(error),
            };
            let failed = key.is_err();
            if sender.blocking_send(key).is_err() || failed {
                return;
            }
        }
    });
    keys
}
