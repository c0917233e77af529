//! What is on the screen, and what a key does there.
//!
//! Invariants: [`App::press`] only changes what is shown and says what is to be done; whoever runs the app does it and
//! gives the new view. A screen whose subject has left the phone closes and says so.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use satchel_domain::tables::Note;

use crate::{
    order::At,
    screens::{
        Action, Around, AttentionScreen, ChecklistScreen, DayScreen, Goto, MaterialsScreen, NoteScreen, NotesScreen,
        Page, Prompt, Purpose, QueueScreen, SearchScreen, SignInScreen, Tap, TimeScreen, VisitScreen,
    },
    view::{
        ChecklistView, DayView, Link, MaterialsView, NotesView, Offer, Refused, SyncView, TimeView, VisitView, Waiting,
        Who,
    },
};

/// A screen of one kind or another.
#[derive(Clone, Debug)]
pub enum Screen {
    /// Signing in.
    SignIn(SignInScreen),
    /// The visits of a day.
    Day(DayScreen),
    /// A visit.
    Visit(VisitScreen),
    /// Its checklists.
    Checklist(ChecklistScreen),
    /// Its job's notes.
    Notes(NotesScreen),
    /// A note.
    Note(NoteScreen),
    /// Its materials.
    Materials(MaterialsScreen),
    /// The pricebook.
    Search(SearchScreen),
    /// The technician's time.
    Time(TimeScreen),
    /// What waits.
    Queue(QueueScreen),
    /// What was refused.
    Attention(AttentionScreen),
}

/// What was read for a screen.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// For [`Goto::Day`].
    Day(DayView),
    /// For [`Goto::Visit`].
    Visit(Box<VisitView>),
    /// For [`Goto::Checklist`].
    Checklist(ChecklistView),
    /// For [`Goto::Notes`].
    Notes(NotesView),
    /// For [`Goto::Note`].
    Note(Note),
    /// For [`Goto::Materials`].
    Materials(MaterialsView),
    /// For [`Goto::Search`].
    Search(At, Vec<Offer>),
    /// For [`Goto::Time`].
    Time(TimeView),
    /// For [`Goto::Queue`].
    Queue(Vec<Waiting>),
    /// For [`Goto::Attention`].
    Attention(Vec<Refused>),
}

/// Something that lies over the screen.
#[derive(Clone, Debug)]
pub enum Modal {
    /// The keys.
    Help,
    /// A line is asked for.
    Prompt(Box<Prompt>),
    /// Yes or no.
    Confirm(String, Action),
}

/// A sentence at the foot of the screen; goes with the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub bad: bool,
}

/// What a key wants done.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Read it and show it.
    Open(Goto),
    /// Do it.
    Act(Action),
}

/// See the module.
#[derive(Clone, Debug)]
pub struct App {
    /// Whose phone it is; none before the first sign-in.
    pub who: Option<Who>,
    /// The state of sync.
    pub sync: SyncView,
    /// The time.
    pub now: Timestamp,
    /// What was said last.
    pub toast: Option<Toast>,
    /// What lies over the screen.
    pub modal: Option<Modal>,
    bottom: Screen,
    above: Vec<Screen>,
    leave_note: bool,
}

impl App {
    /// An app that shows `screen`.
    pub fn new(screen: Screen, now: Timestamp) -> Self {
        Self {
            who: None,
            sync: SyncView::default(),
            now,
            toast: None,
            modal: None,
            bottom: screen,
            above: Vec::new(),
            leave_note: false,
        }
    }

    /// What every screen may know.
    pub fn around(&self) -> Around<'_> {
        Around { who: self.who.as_ref(), now: self.now, filling: self.sync.first_sync().is_some() }
    }

    /// The screen shown.
    pub fn screen(&self) -> &Screen {
        self.above.last().unwrap_or(&self.bottom)
    }

    fn screen_mut(&mut self) -> &mut Screen {
        self.above.last_mut().unwrap_or(&mut self.bottom)
    }

    /// The screen shown, as a page.
    pub fn page(&self) -> &dyn Page {
        self.screen().page()
    }

    /// The sign-in form, if it is on the screen.
    pub fn sign_in(&mut self) -> Option<&mut SignInScreen> {
        match self.screen_mut() {
            Screen::SignIn(screen) => Some(screen),
            _ => None,
        }
    }

    /// Starts over with one screen.
    pub fn restart(&mut self, screen: Screen) {
        self.bottom = screen;
        self.above.clear();
        self.modal = None;
    }

    /// Puts a screen on top.
    pub fn push(&mut self, screen: Screen) {
        self.above.push(screen);
    }

    /// Goes back by one screen; the last one stays.
    pub fn back(&mut self) {
        self.above.pop();
    }

    /// Shows what was read: in the screen shown if it is of the same kind, else in a new one on top.
    pub fn show(&mut self, loaded: Loaded) {
        if let Some(loaded) = self.screen_mut().renew(loaded) {
            self.push(Screen::of(loaded));
        }
    }

    /// Closes a screen whose subject has left this phone.
    pub fn gone(&mut self) {
        self.back();
        self.modal = None;
        self.say("This has left your phone: it was removed, or given to somebody else.", true);
    }

    /// Says something at the foot of the screen.
    pub fn say(&mut self, text: impl Into<String>, bad: bool) {
        self.toast = Some(Toast { text: text.into(), bad });
    }

    /// The edit of a note was queued, or not.
    pub fn note_saved(&mut self, saved: bool) {
        let leave = std::mem::take(&mut self.leave_note);
        if let (Screen::Note(note), true) = (self.screen_mut(), saved) {
            note.saved();
            if leave {
                self.back();
            }
        }
    }

    /// Takes a key.
    pub fn press(&mut self, key: KeyEvent) -> Option<Effect> {
        self.toast = None;
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return self.press_control(key.code);
        }
        if let Some(modal) = self.modal.take() {
            return self.press_modal(modal, key.code);
        }
        if let (KeyCode::Esc, Screen::Note(note)) = (key.code, self.screen()) {
            let save = note.save();
            self.leave_note = save.is_some();
            if save.is_none() {
                self.back();
            }
            return save.map(Effect::Act);
        }
        let filling = self.sync.first_sync().is_some();
        let around = Around { who: self.who.as_ref(), now: self.now, filling };
        let page = self.above.last_mut().unwrap_or(&mut self.bottom).page_mut();
        let typing = page.typing();
        match page.press(key.code, around) {
            Tap::Stay => None,
            Tap::Back => {
                self.back();
                None
            }
            Tap::Open(goto) => Some(Effect::Open(goto)),
            Tap::Ask(prompt) => {
                self.modal = Some(Modal::Prompt(prompt));
                None
            }
            Tap::Confirm(question, action) => {
                self.modal = Some(Modal::Confirm(question, action));
                None
            }
            Tap::Do(action) => Some(Effect::Act(action)),
            Tap::Pass => self.press_anywhere(key.code, typing),
        }
    }

    fn press_control(&mut self, key: KeyCode) -> Option<Effect> {
        match (key, self.screen()) {
            (KeyCode::Char('c'), _) => Some(Effect::Act(Action::Quit)),
            (KeyCode::Char('s'), Screen::Note(note)) => note.save().map(Effect::Act),
            (KeyCode::Char('x'), Screen::Note(_)) => {
                self.back();
                None
            }
            _ => None,
        }
    }

    /// Keys that mean the same on every screen.
    fn press_anywhere(&mut self, key: KeyCode, typing: bool) -> Option<Effect> {
        match key {
            KeyCode::Esc => self.back(),
            _ if typing => {}
            KeyCode::Char('w') => return Some(Effect::Open(Goto::Queue)),
            KeyCode::Char('a') => return Some(Effect::Open(Goto::Attention)),
            KeyCode::Char('n') => return Some(Effect::Act(Action::ToggleNetwork)),
            KeyCode::Char('q') => return Some(Effect::Act(Action::Quit)),
            KeyCode::Char('i') if self.sync.link == Link::Stuck => return Some(Effect::Act(Action::AskSignIn)),
            KeyCode::Char('?') => self.modal = Some(Modal::Help),
            _ => {}
        }
        None
    }

    fn press_modal(&mut self, modal: Modal, key: KeyCode) -> Option<Effect> {
        match (modal, key) {
            (Modal::Help, _) | (_, KeyCode::Esc) => None,
            (Modal::Confirm(_, action), KeyCode::Char('y') | KeyCode::Enter) => Some(Effect::Act(action)),
            (asked @ Modal::Confirm(..), _) => {
                self.modal = Some(asked);
                None
            }
            (Modal::Prompt(prompt), key) => self.press_prompt(prompt, key),
        }
    }

    fn press_prompt(&mut self, mut prompt: Box<Prompt>, key: KeyCode) -> Option<Effect> {
        if key == KeyCode::Enter {
            match prompt.submit() {
                Ok(action) => {
                    if let (Purpose::Add(..), Screen::Search(_)) = (&prompt.purpose, self.screen()) {
                        self.back();
                    }
                    return Some(Effect::Act(action));
                }
                Err(wrong) => prompt.wrong = Some(wrong),
            }
        } else {
            prompt.input.press(key);
            prompt.wrong = None;
        }
        self.modal = Some(Modal::Prompt(prompt));
        None
    }
}

impl Screen {
    /// A screen for what was read.
    pub fn of(loaded: Loaded) -> Self {
        match loaded {
            Loaded::Day(view) => Self::Day(DayScreen::new(view)),
            Loaded::Visit(view) => Self::Visit(VisitScreen::new(*view)),
            Loaded::Checklist(view) => Self::Checklist(ChecklistScreen::new(view)),
            Loaded::Notes(view) => Self::Notes(NotesScreen::new(view)),
            Loaded::Note(note) => Self::Note(NoteScreen::new(note)),
            Loaded::Materials(view) => Self::Materials(MaterialsScreen::new(view)),
            Loaded::Search(at, offers) => Self::Search(SearchScreen::new(at, offers)),
            Loaded::Time(view) => Self::Time(TimeScreen::new(view)),
            Loaded::Queue(waiting) => Self::Queue(QueueScreen::new(waiting)),
            Loaded::Attention(refused) => Self::Attention(AttentionScreen::new(refused)),
        }
    }

    /// Takes what was read if it is for this screen; gives it back if not.
    fn renew(&mut self, loaded: Loaded) -> Option<Loaded> {
        match (self, loaded) {
            (Self::Day(screen), Loaded::Day(view)) => screen.renew(view),
            (Self::Visit(screen), Loaded::Visit(view)) => screen.renew(*view),
            (Self::Checklist(screen), Loaded::Checklist(view)) => screen.renew(view),
            (Self::Notes(screen), Loaded::Notes(view)) => screen.renew(view),
            (Self::Note(screen), Loaded::Note(note)) => screen.renew(note),
            (Self::Materials(screen), Loaded::Materials(view)) => screen.renew(view),
            (Self::Search(screen), Loaded::Search(_, offers)) => screen.renew(offers),
            (Self::Time(screen), Loaded::Time(view)) => screen.renew(view),
            (Self::Queue(screen), Loaded::Queue(waiting)) => screen.renew(waiting),
            (Self::Attention(screen), Loaded::Attention(refused)) => screen.renew(refused),
            (_, loaded) => return Some(loaded),
        }
        None
    }

    /// What to read to show it as it is now; none for signing in.
    pub fn place(&self) -> Option<Goto> {
        Some(match self {
            Self::SignIn(_) => return None,
            Self::Day(screen) => screen.place(),
            Self::Visit(screen) => screen.place(),
            Self::Checklist(screen) => screen.place(),
            Self::Notes(screen) => screen.place(),
            Self::Note(screen) => screen.place(),
            Self::Materials(screen) => screen.place(),
            Self::Search(screen) => screen.place(),
            Self::Time(screen) => screen.place(),
            Self::Queue(screen) => screen.place(),
            Self::Attention(screen) => screen.place(),
        })
    }

    fn page(&self) -> &dyn Page {
        match self {
            Self::SignIn(screen) => screen,
            Self::Day(screen) => screen,
            Self::Visit(screen) => screen,
            Self::Checklist(screen) => screen,
            Self::Notes(screen) => screen,
            Self::Note(screen) => screen,
            Self::Materials(screen) => screen,
            Self::Search(screen) => screen,
            Self::Time(screen) => screen,
            Self::Queue(screen) => screen,
            Self::Attention(screen) => screen,
        }
    }

    fn page_mut(&mut self) -> &mut dyn Page {
        match self {
            Self::SignIn(screen) => screen,
            Self::Day(screen) => screen,
            Self::Visit(screen) => screen,
            Self::Checklist(screen) => screen,
            Self::Notes(screen) => screen,
            Self::Note(screen) => screen,
            Self::Materials(screen) => screen,
            Self::Search(screen) => screen,
            Self::Time(screen) => screen,
            Self::Queue(screen) => screen,
            Self::Attention(screen) => screen,
        }
    }
}
