//! Signing in: the one thing that needs a network.

use crossterm::event::KeyCode;
use ratatui::{
    Frame,
    layout::{Constraint, Layout, Position, Rect},
    text::{Line, Span},
    widgets::{Paragraph, Wrap},
};
use satchel_protocol::wire::auth::Membership;
use uuid::Uuid;

use super::{Action, Around, Hint, Page, Tap, help::middle, marker};
use crate::{
    edit::Text,
    picker::{Item, Picker},
    theme,
};

/// See the module.
#[derive(Clone, Debug)]
pub struct SignInScreen {
    server: String,
    email: Text,
    password: Text,
    on_password: bool,
    /// The organization of the replica; none on a fresh phone.
    org_id: Option<Uuid>,
    choices: Option<Picker<Membership>>,
    busy: bool,
    wrong: Option<String>,
}

impl Item for Membership {
    fn key(&self) -> Uuid {
        self.org_id
    }
}

impl SignInScreen {
    /// Asks for e-mail and password; for the organization only if `org_id` is not known and there are several.
    pub fn new(server: &str, org_id: Option<Uuid>) -> Self {
        Self {
            server: server.to_owned(),
            email: Text::line(""),
            password: Text::line(""),
            on_password: false,
            org_id,
            choices: None,
            busy: false,
            wrong: None,
        }
    }

    /// The server's answer: several organizations to choose from.
    pub fn choose(&mut self, memberships: Vec<Membership>) {
        self.busy = false;
        self.choices = Some(Picker::new(memberships));
    }

    /// The answer was no.
    pub fn refuse(&mut self, why: String) {
        self.busy = false;
        self.choices = None;
        self.password = Text::line("");
        self.on_password = true;
        self.wrong = Some(why);
    }

    fn submit(&mut self) -> Tap {
        let org_id = self.choices.as_ref().and_then(Picker::chosen).map(Item::key).or(self.org_id);
        let email = self.email.text().trim().to_owned();
        if email.is_empty() || self.password.is_empty() {
            self.on_password = !email.is_empty();
            self.wrong = Some("Please enter e-mail and password.".to_owned());
            return Tap::Stay;
        }
        self.busy = true;
        self.wrong = None;
        Tap::Do(Action::SignIn { email, password: self.password.text(), org_id })
    }

    /// Back to the replica where there is one: it works without a session.
    fn leave(&self) -> Tap {
        if self.org_id.is_some() { Tap::Back } else { Tap::Do(Action::Quit) }
    }

    fn draw_field(&self, frame: &mut Frame<'_>, area: Rect, name: &str, text: &Text, hidden: bool, active: bool) {
        let room = area.width.saturating_sub(14);
        let (shown, column) = text.window(room, hidden);
        let name = Span::styled(format!("{name:<10}"), if active { theme::key() } else { theme::quiet() });
        frame.render_widget(Line::from(vec![marker(active), name, Span::raw("  "), Span::raw(shown)]), area);
        if active {
            frame.set_cursor_position(Position::new(area.x + 14 + column, area.y));
        }
    }
}

impl Page for SignInScreen {
    fn title(&self, _around: Around<'_>) -> String {
        "Sign in".to_owned()
    }

    fn aside(&self, _around: Around<'_>) -> String {
        self.server.clone()
    }

    fn hints(&self) -> Vec<Hint> {
        match &self.choices {
            Some(_) => vec![("↑ ↓", "organization"), ("enter", "sign in"), ("esc", "back")],
            None => vec![("tab", "next field"), ("enter", "sign in"), ("esc", "leave")],
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, _around: Around<'_>) {
        let area = middle(area, 60, 12);
        let [greeting, email, password, list, told] = Layout::vertical([
            Constraint::Length(3),
            Constraint::Length(1),
            Constraint::Length(2),
            Constraint::Fill(1),
            Constraint::Length(3),
        ])
        .areas(area);
        let words = "  Carries the day's work into places without signal,\n  and brings every stroke of it back.";
        frame.render_widget(Paragraph::new(words).style(theme::quiet()), greeting);
        let typing = self.choices.is_none() && !self.busy;
        self.draw_field(frame, email, "e-mail", &self.email, false, typing && !self.on_password);
        self.draw_field(frame, password, "password", &self.password, true, typing && self.on_password);
        if let Some(choices) = &self.choices {
            let line = |(at, membership): (usize, &Membership)| {
                let roles = membership.roles.join(", ").replace('_', " ");
                let name = Span::raw(membership.org_name.clone());
                Line::from(vec![marker(at == choices.at()), name, Span::styled(format!("  {roles}"), theme::quiet())])
            };
            let lines: Vec<Line<'_>> = choices.items().iter().enumerate().map(line).collect();
            frame.render_widget(ratatui::text::Text::from(lines), list);
        }
        let line = match &self.wrong {
            Some(wrong) => Line::styled(format!("  {wrong}"), theme::bad()),
            None if self.busy => Line::styled("  Asking the server…", theme::quiet()),
            None => Line::default(),
        };
        frame.render_widget(Paragraph::new(line).wrap(Wrap { trim: false }), told);
    }

    fn press(&mut self, key: KeyCode, _around: Around<'_>) -> Tap {
        if self.busy {
            return if key == KeyCode::Esc { self.leave() } else { Tap::Stay };
        }
        if let Some(choices) = &mut self.choices {
            match key {
                KeyCode::Up => choices.step(-1),
                KeyCode::Down => choices.step(1),
                KeyCode::Enter => return self.submit(),
                KeyCode::Esc => self.choices = None,
                _ => return Tap::Pass,
            }
            return Tap::Stay;
        }
        let field = if self.on_password { &mut self.password } else { &mut self.email };
        match key {
            KeyCode::Esc => return self.leave(),
            KeyCode::Enter if self.on_password => return self.submit(),
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Up | KeyCode::Down | KeyCode::Enter => {
                self.on_password = !self.on_password;
            }
            _ if field.press(key) => {}
            _ => return Tap::Pass,
        }
        Tap::Stay
    }

    fn typing(&self) -> bool {
        true
    }
}
