//! What surrounds every screen: who, where, the state of sync, keys.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Margin, Rect},
    style::Style,
    text::{Line, Span},
    widgets::LineGauge,
};
use satchel_client::store::Readiness;

use super::{Around, Hint, help, prompt, spread};
use crate::{
    app::{App, Modal},
    theme,
    view::{Link, SyncView},
    words,
};

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, app: &App) {
    let around = app.around();
    let filling = app.sync.first_sync().filter(|_| app.who.is_some());
    let [header, rule, title, body, toast, bar, sync, hints] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(2),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(u16::from(filling.is_some())),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(frame.area().inner(Margin::new(1, 0)));
    draw_header(frame, header, around, &app.sync);
    frame.render_widget(Span::styled("─".repeat(rule.width.into()), theme::quiet()), rule);
    let page = app.page();
    let name = Span::styled(page.title(around), theme::heading());
    let aside = Span::styled(page.aside(around), theme::quiet());
    frame.render_widget(spread(vec![name], vec![aside], title.width), title);
    page.draw(frame, body, around);
    let said = app.toast.as_ref().map_or_else(Line::default, |toast| {
        let style = if toast.bad { theme::bad() } else { theme::good() };
        Line::styled(toast.text.clone(), style)
    });
    frame.render_widget(said, toast);
    if let Some(share) = filling {
        draw_bar(frame, bar, &app.sync, share);
    }
    frame.render_widget(sync_line(&app.sync, around, sync.width), sync);
    frame.render_widget(hint_line(&page.hints(), page.typing(), app.sync.link, hints.width), hints);
    match &app.modal {
        Some(Modal::Help) => help::draw(frame),
        Some(Modal::Prompt(asked)) => prompt::draw(frame, asked),
        Some(Modal::Confirm(question, _)) => prompt::draw_question(frame, question),
        None => {}
    }
}

fn draw_header(frame: &mut Frame<'_>, area: Rect, around: Around<'_>, sync: &SyncView) {
    let mut left = vec![Span::styled("Satchel", theme::key()), Span::raw("  ")];
    let mut right = Vec::new();
    if let Some(who) = around.who {
        left.push(Span::styled(who.name.clone(), theme::heading()));
        if !who.org.is_empty() {
            left.push(Span::raw(format!(" · {}", who.org)));
        }
        right = counts(sync);
        right.push(Span::styled(format!("  {}", words::clock(around.now, &who.zone)), theme::quiet()));
    }
    frame.render_widget(spread(left, right, area.width), area);
}

fn draw_bar(frame: &mut Frame<'_>, area: Rect, sync: &SyncView, share: f64) {
    let done = words::grouped(sync.progress.rows_done);
    let label = match (sync.readiness, sync.progress.rows_total) {
        (Readiness::Empty, _) => "First sync: nothing received yet".to_owned(),
        (Readiness::Checking, _) => format!("First sync: {done} rows here, comparing with the server"),
        (_, Some(total)) => format!("First sync: {done} of about {} rows", words::grouped(total)),
        (_, None) => format!("First sync: {done} rows"),
    };
    let gauge = LineGauge::default()
        .label(label)
        .ratio(share)
        .filled_symbol("━")
        .unfilled_symbol("─")
        .filled_style(theme::good())
        .unfilled_style(theme::quiet());
    frame.render_widget(gauge, area);
}

/// What waits and what needs attention.
fn counts(sync: &SyncView) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    match sync.queue.unsent() {
        0 => spans.push(Span::styled("nothing to send", theme::quiet())),
        unsent => spans.push(Span::styled(format!("↑ {} to send", words::grouped(unsent as u64)), theme::warn())),
    }
    if sync.queue.may_be_refused > 0 {
        spans.push(Span::styled(format!(" ({} may be refused)", sync.queue.may_be_refused), theme::warn()));
    }
    if sync.queue.rejected > 0 {
        let needs = if sync.queue.rejected == 1 { "needs" } else { "need" };
        spans.push(Span::styled(format!("  ! {} {needs} attention", sync.queue.rejected), theme::bad()));
    }
    spans
}

/// The connection and why, and how old the replica is.
fn sync_line(sync: &SyncView, around: Around<'_>, width: u16) -> Line<'static> {
    let (glyph, word, style): (_, _, Style) = match sync.link {
        Link::Online => ("●", "online", theme::good()),
        Link::Connecting => ("◌", "connecting", theme::warn()),
        Link::Offline => ("○", "offline", theme::warn()),
        Link::Stuck => ("■", "needs you", theme::bad()),
    };
    let mut left = vec![Span::styled(format!("{glyph} {word}"), style)];
    if !sync.why.is_empty() {
        left.push(Span::styled(format!(": {}", sync.why), theme::quiet()));
    }
    let synced = match (sync.last_synced, sync.readiness) {
        (_, Readiness::Repairing) => "comparing with the server".to_owned(),
        (_, Readiness::Ready) if sync.caught_up => "in sync".to_owned(),
        (Some(at), _) => format!("synced {}", words::ago(around.now, at)),
        (None, _) => "never synced".to_owned(),
    };
    spread(left, vec![Span::styled(synced, theme::quiet())], width)
}

/// The page's keys, then those that work everywhere, as far as they fit; help always does.
fn hint_line(hints: &[Hint], typing: bool, link: Link, width: u16) -> Line<'static> {
    let sign_in: &[Hint] = if link == Link::Stuck { &[("i", "sign in")] } else { &[] };
    let everywhere: &[Hint] = &[("w", "waiting"), ("a", "attention"), ("n", "network")];
    let (sign_in, everywhere): (&[Hint], &[Hint]) = if typing { (&[], &[]) } else { (sign_in, everywhere) };
    let spans =
        |(key, does): Hint| [Span::styled(key, theme::key()), Span::styled(format!(" {does}   "), theme::quiet())];
    let right: Vec<Span<'_>> = if typing { Vec::new() } else { spans(("?", "help")).to_vec() };
    let room = usize::from(width).saturating_sub(right.iter().map(Span::width).sum());
    let mut left = Line::default();
    for hint in sign_in.iter().chain(hints).chain(everywhere) {
        let more = spans(*hint);
        if left.width() + more.iter().map(Span::width).sum::<usize>() > room {
            break;
        }
        left.spans.extend(more);
    }
    spread(left.spans, right, width)
}
