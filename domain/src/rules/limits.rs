//! The bounds of what people enter. A limit names its unit.

/// Characters of a job's or a note's title.
pub const TITLE_CHARS: usize = 200;
/// Characters of a job's number.
pub const NUMBER_CHARS: usize = 64;
/// Characters of a job's description.
pub const DESCRIPTION_CHARS: usize = 20_000;
/// Characters of a reason or an outcome.
pub const REASON_CHARS: usize = 2_000;
/// Characters of an answer.
pub const ANSWER_CHARS: usize = 4_000;
/// Days from the start of an arrival window to its end.
pub const WINDOW_DAYS: i64 = 14;
/// Hours a time entry may last.
pub const TIME_ENTRY_HOURS: i64 = 7 * 24;
/// Checklists on one visit.
pub const CHECKLISTS_PER_VISIT: usize = 8;
/// Technicians on one visit.
pub const TECHNICIANS_PER_VISIT: usize = 32;
/// Bytes of one encoded note change.
pub const NOTE_CHANGE_BYTES: usize = 64 * 1024;
/// Changes in one edit of a note.
pub const NOTE_CHANGES_PER_EDIT: usize = 16;
/// Changes one note may have.
pub const NOTE_CHANGES: usize = 2_000;
/// Bytes of a note's text.
pub const NOTE_TEXT_BYTES: usize = 64 * 1024;
