//! A made-up day, as the screens would read it from a replica.
#![allow(dead_code, reason = "each test binary uses its part")]

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::{Terminal, backend::TestBackend};
use satchel_client::store::{Progress, QueueState, QueueSummary, Readiness};
use satchel_domain::{
    rules::visit_state::Intent,
    tables::{
        AnswerKind, AnswerState, ChecklistAnswer, ChecklistTemplateItem, Customer, Equipment, Job, JobPriority,
        JobState, Location, MaterialUsed, Note, PricebookItem, PricebookKind, TaxClass, TimeEntry, TimeKind, Visit,
        VisitState, VisitStatusEvent,
    },
};
use satchel_protocol::Id;
use satchel_terminal::{
    app::{App, Effect, Loaded, Screen},
    order::At,
    screens::{self, SignInScreen},
    view::{
        Answered, ChecklistView, DayView, Link, Material, MaterialsView, NotesView, Offer, Place, Question, Refused,
        SyncView, TimeLine, TimeView, VisitLine, VisitView, Waiting, Who, buttons,
    },
    words,
};
use uuid::Uuid;

/// A row's id, made from a number.
pub fn id<T>(number: u128) -> Id<T> {
    Id::new(Uuid::from_u128(number))
}

/// An instant of the sample day.
pub fn at(clock: &str) -> Timestamp {
    format!("2026-11-21T{clock}:00Z").parse().expect("a time of day")
}

pub fn who() -> Who {
    Who {
        name: "Ana Torres".to_owned(),
        org: "Cedar Heating & Air".to_owned(),
        currency: "USD".to_owned(),
        technician: Some(id(1)),
        user_id: Uuid::from_u128(2),
        may_not: vec![Intent::Dispatch, Intent::Cancel],
        zone: words::zone("America/New_York"),
    }
}

pub fn place(number: u128, state: VisitState, title: &str) -> Place {
    let job = Job {
        id: id(100 + number),
        rev: 1,
        branch_id: id(3),
        customer_id: id(4),
        location_id: id(5),
        equipment_id: None,
        number: Some(format!("{}", 1040 + number)),
        title: title.to_owned(),
        description: "No heat since last night. Filter was changed in spring.".to_owned(),
        state: JobState::InProgress,
        priority: if number == 1 { JobPriority::Emergency } else { JobPriority::Normal },
        cancel_reason: None,
    };
    let visit = Visit {
        id: id(200 + number),
        rev: 1,
        job_id: job.id,
        branch_id: id(3),
        arrived_at: (state == VisitState::OnSite).then(|| at("13:08")),
        state,
        window_start: at(&format!("{:02}:00", 11 + 2 * number)),
        window_end: at(&format!("{:02}:30", 12 + 2 * number)),
        zone: "America/New_York".to_owned(),
        ended_at: None,
        outcome: None,
    };
    Place { visit, job }
}

fn customer(name: &str) -> Customer {
    Customer { id: id(4), rev: 1, name: name.to_owned(), phone: Some("+1 555 0142".to_owned()), email: None }
}

fn location(address: &str) -> Location {
    Location {
        id: id(5),
        rev: 1,
        customer_id: id(4),
        address: address.to_owned(),
        latitude: None,
        longitude: None,
        zone: "America/New_York".to_owned(),
        access_notes: Some("gate code 4411".to_owned()),
        postal_code: None,
        territory_id: None,
    }
}

pub fn day() -> DayView {
    let line = |number: u128, state, title: &str, name: &str, address: &str, done| VisitLine {
        place: place(number, state, title),
        customer: Some(customer(name)),
        location: Some(location(address)),
        answered: Answered { asked: 5, done, blocking: 5 - done },
    };
    DayView {
        date: jiff::civil::date(2026, 11, 21),
        offset: 0,
        visits: vec![
            line(1, VisitState::OnSite, "Furnace does not start", "Rosa Alvarez", "12 Elm Street", 2),
            line(2, VisitState::Accepted, "Annual inspection", "Grand Hotel", "3 Station Square", 0),
            line(3, VisitState::Dispatched, "Thermostat blank", "Tom Okafor", "88 Mill Road", 0),
            line(4, VisitState::Completed, "Filter exchange", "City Library", "1 Market Place", 5),
        ],
    }
}

pub fn visit(state: VisitState) -> VisitView {
    let place = place(1, state, "Furnace does not start");
    let event = |number: u128, from_state, to_state, clock: &str| VisitStatusEvent {
        id: id(300 + number),
        rev: 1,
        job_id: place.job.id,
        branch_id: id(3),
        visit_id: place.visit.id,
        from_state,
        to_state,
        occurred_at: at(clock),
        user_id: Uuid::from_u128(2),
        reason: None,
    };
    VisitView {
        customer: Some(customer("Rosa Alvarez")),
        location: Some(location("12 Elm Street")),
        equipment: Some(Equipment {
            id: id(6),
            rev: 1,
            location_id: id(5),
            name: "Gas furnace".to_owned(),
            model: Some("Carrier 59SC5".to_owned()),
            serial: Some("4411-B".to_owned()),
        }),
        crew: vec!["Ana Torres".to_owned(), "Ben Ito".to_owned()],
        answered: Answered { asked: 5, done: 2, blocking: 2 },
        notes: 1,
        materials: 2,
        running: Some(entry(1, TimeKind::Work, "13:10", None)),
        buttons: buttons(&place.job.state, &place.visit.state, &who().may_not),
        events: vec![
            event(1, VisitState::Dispatched, VisitState::Accepted, "12:15"),
            event(2, VisitState::Accepted, VisitState::Traveling, "12:40"),
            event(3, VisitState::Traveling, VisitState::OnSite, "13:08"),
        ],
        place,
    }
}

pub fn question(number: u128, prompt: &str, kind: AnswerKind, value: Option<&str>) -> Question {
    let item = ChecklistTemplateItem {
        id: id(400 + number),
        rev: 1,
        template_id: id(7),
        position: i32::try_from(number).expect("a small number"),
        prompt: prompt.to_owned(),
        answer_kind: kind,
        required: number < 4,
        shown_after_id: None,
        shown_when: None,
    };
    let answer = ChecklistAnswer {
        id: id(500 + number),
        rev: 1,
        job_id: id(101),
        branch_id: id(3),
        checklist_id: id(8),
        item_id: item.id,
        state: if value.is_some() { AnswerState::Answered } else { AnswerState::Open },
        value: value.map(str::to_owned),
        answered_at: None,
        answered_by: None,
    };
    Question { list: "Gas furnace service".to_owned(), item, answer }
}

pub fn checklist() -> ChecklistView {
    ChecklistView {
        place: place(1, VisitState::OnSite, "Furnace does not start"),
        questions: vec![
            question(1, "Gas supply shut off?", AnswerKind::YesNo, Some("yes")),
            question(2, "Burner pressure in mbar", AnswerKind::Number, Some("18.5")),
            question(3, "Photo of the burner", AnswerKind::Photo, None),
            question(4, "What was found", AnswerKind::Text, None),
            question(5, "Filter needs changing?", AnswerKind::YesNo, None),
        ],
        answered: Answered { asked: 5, done: 2, blocking: 1 },
    }
}

pub fn note() -> Note {
    Note {
        id: id(600),
        rev: 1,
        job_id: id(101),
        branch_id: id(3),
        title: "Access and findings".to_owned(),
        text: "Key is with the neighbour at number 14.\n\nIgniter cracked, replaced from the truck.".to_owned(),
    }
}

pub fn notes() -> NotesView {
    NotesView { place: place(1, VisitState::OnSite, "Furnace does not start"), notes: vec![note()] }
}

pub fn offer(number: u128, code: &str, name: &str, price_cents: i64) -> Offer {
    Offer(PricebookItem {
        id: id(700 + number),
        rev: 1,
        code: code.to_owned(),
        name: name.to_owned(),
        kind: PricebookKind::Material,
        unit: "each".to_owned(),
        price_cents,
        active: true,
        category_id: None,
        tax_class: TaxClass::Standard,
        labour_minutes: None,
        description: String::new(),
    })
}

pub fn offers() -> Loaded {
    let found = vec![
        offer(1, "IGN-120", "Hot surface igniter 120 V", 8_950),
        offer(2, "IGN-240", "Hot surface igniter 240 V", 9_450),
        offer(3, "IGN-GSK", "Igniter gasket", 425),
    ];
    Loaded::Search(at_visit(), found)
}

pub fn at_visit() -> At {
    At { job_id: id(101), visit_id: id(201) }
}

pub fn materials() -> MaterialsView {
    let line = |number: u128, name: &str, quantity: &str, unit: &str, unit_price_cents| Material {
        used: MaterialUsed {
            id: id(800 + number),
            rev: 1,
            job_id: id(101),
            branch_id: id(3),
            visit_id: id(201),
            item_id: id(700 + number),
            name: name.to_owned(),
            quantity: quantity.parse().expect("a decimal"),
            unit_price_cents,
            pricebook_version_id: None,
            stock_location_id: None,
        },
        unit: unit.to_owned(),
    };
    MaterialsView {
        place: place(1, VisitState::OnSite, "Furnace does not start"),
        materials: vec![
            line(1, "Hot surface igniter 120 V", "1.000", "each", 8_950),
            line(2, "Gas tubing 15 mm", "2.500", "foot", 320),
        ],
    }
}

pub fn entry(number: u128, kind: TimeKind, from: &str, until: Option<&str>) -> TimeEntry {
    TimeEntry {
        id: id(900 + number),
        rev: 1,
        technician_id: id(1),
        branch_id: id(3),
        job_id: Some(id(101)),
        visit_id: Some(id(201)),
        kind,
        started_at: at(from),
        ended_at: until.map(at),
        overlaps: false,
        started_device_clock: None,
        ended_device_clock: None,
    }
}

pub fn time(running: bool) -> TimeView {
    let line = |entry| TimeLine { entry, job: "Furnace does not start".to_owned() };
    let mut entries = vec![line(entry(2, TimeKind::Travel, "12:40", Some("13:08")))];
    entries.push(line(entry(1, TimeKind::Work, "13:10", (!running).then_some("14:00"))));
    TimeView { place: place(1, VisitState::OnSite, "Furnace does not start"), entries }
}

pub fn waiting() -> Vec<Waiting> {
    let entry = |number: u128, name: &str, state, doubt: Option<&str>| Waiting {
        key: Uuid::from_u128(1_000 + number),
        what: words::mutation(name),
        about: "Furnace does not start".to_owned(),
        entered_at: Some(at(&format!("13:{:02}", 20 + number))),
        state,
        may_be_refused: doubt.map(str::to_owned),
    };
    vec![
        entry(1, "checklist/v1/answer", QueueState::Sending, None),
        entry(2, "note/v1/edit", QueueState::Pending, None),
        entry(3, "visit/v1/complete", QueueState::Pending, Some("This visit was canceled.")),
    ]
}

pub fn refused() -> Vec<Refused> {
    vec![Refused {
        key: Uuid::from_u128(1_100),
        what: words::mutation("visit/v1/complete"),
        about: "Thermostat blank".to_owned(),
        entered_at: Some(at("13:25")),
        reason: "visit.closed".to_owned(),
        message: "This visit was canceled, so it can no longer be completed. If work was done, please tell the office."
            .to_owned(),
        holds: 1,
        with_office: false,
    }]
}

pub fn online() -> SyncView {
    SyncView {
        link: Link::Online,
        why: "WebSocket".to_owned(),
        caught_up: true,
        cut: false,
        queue: QueueSummary::default(),
        last_synced: Some(at("13:29")),
        readiness: Readiness::Ready,
        progress: Progress::default(),
    }
}

pub fn in_the_basement() -> SyncView {
    SyncView {
        link: Link::Offline,
        why: "cut with n".to_owned(),
        caught_up: false,
        cut: true,
        queue: QueueSummary { pending: 2, sending: 1, accepted: 0, rejected: 1, held: 0, may_be_refused: 1 },
        last_synced: Some(at("13:05")),
        ..online()
    }
}

pub fn first_sync() -> SyncView {
    SyncView {
        last_synced: None,
        caught_up: false,
        readiness: Readiness::Filling,
        progress: Progress { rows_done: 14_000, rows_total: Some(28_012) },
        ..online()
    }
}

/// An app that shows this, at half past one UTC.
pub fn app(loaded: Loaded, sync: SyncView) -> App {
    let mut app = App::new(Screen::of(loaded), at("13:30"));
    app.who = Some(who());
    app.sync = sync;
    app
}

/// An app that asks to sign in.
pub fn stranger() -> App {
    App::new(Screen::SignIn(SignInScreen::new("http://127.0.0.1:7410", None)), at("13:30"))
}

/// What the terminal shows.
pub fn drawn(app: &App, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("drawing in memory");
    terminal.draw(|frame| screens::draw(frame, app)).expect("drawing in memory");
    let buffer = terminal.backend().buffer();
    let row = |y| {
        let mut text = String::new();
        let mut skip = 0;
        for x in 0..width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                text.push_str(symbol);
            }
            skip = ratatui::text::Span::raw(symbol).width().max(skip).saturating_sub(1);
        }
        text.trim_end().to_owned() + "\n"
    };
    (0..height).map(row).collect()
}

/// Presses a key.
pub fn press(app: &mut App, code: KeyCode) -> Option<Effect> {
    app.press(KeyEvent::new(code, KeyModifiers::NONE))
}

/// Types a text.
pub fn type_text(app: &mut App, text: &str) {
    text.chars().for_each(|character| {
        press(app, KeyCode::Char(character));
    });
}
