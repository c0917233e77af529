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
/// Lines of an invoice.
pub const INVOICE_LINES: usize = 500;
/// Characters of a check's number.
pub const CHECK_NUMBER_CHARS: usize = 32;
/// Characters of a payment provider's reference.
pub const REFERENCE_CHARS: usize = 128;
/// Characters of the name of a time zone; the longest known has 32.
pub const ZONE_CHARS: usize = 64;
/// Bytes of one encoded note change.
pub const NOTE_CHANGE_BYTES: usize = 64 * 1024;
/// Changes in one edit of a note.
pub const NOTE_CHANGES_PER_EDIT: usize = 16;
/// Changes one note may have.
pub const NOTE_CHANGES: usize = 2_000;
/// Bytes of a note's text.
pub const NOTE_TEXT_BYTES: usize = 64 * 1024;
/// Characters of a pricebook item's code.
pub const CODE_CHARS: usize = 64;
/// Characters of the name of an item, a line, a heading or a version.
pub const LINE_CHARS: usize = 200;
/// Characters of a unit.
pub const UNIT_CHARS: usize = 32;
/// Characters of an item's description.
pub const ITEM_DESCRIPTION_CHARS: usize = 4_000;
/// Minutes of work one unit of an item may be planned to take: 30 days.
pub const LABOUR_MINUTES: i32 = 30 * 24 * 60;
/// Headings of the pricebook above each other.
pub const CATEGORY_DEPTH: usize = 6;
/// The largest place in a list that somebody may ask for.
pub const POSITION: i32 = 10_000;
/// Parts of one item.
pub const COMPONENTS_PER_ITEM: usize = 50;
/// Levels of parts of parts.
pub const COMPONENT_DEPTH: usize = 4;
/// Versions of the pricebook that may be published at a time.
pub const PUBLISHED_VERSIONS: usize = 64;
/// Prices agreed with one customer.
pub const PRICES_PER_CUSTOMER: usize = 1_000;
/// Prices one mutation may set.
pub const PRICES_PER_CHANGE: usize = 200;
/// Estimates of one job.
pub const ESTIMATES_PER_JOB: usize = 50;
/// Options of one estimate.
pub const OPTIONS_PER_ESTIMATE: usize = 5;
/// Lines of one option.
pub const LINES_PER_OPTION: usize = 200;
/// Characters of an option's name.
pub const OPTION_CHARS: usize = 100;
/// How far below the pricebook a technician may go, in percent.
pub const TECHNICIAN_DISCOUNT_PERCENT: i64 = 15;
/// Bytes of the strokes of a signature.
pub const SIGNATURE_STROKES_BYTES: usize = 64 * 1024;
/// Characters that many bytes have in base64.
pub const fn base64_chars(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}
/// Characters of a signer's name.
pub const SIGNER_CHARS: usize = 200;
/// Characters of a stock location's name.
pub const STOCK_LOCATION_NAME_CHARS: usize = 100;
/// Characters of a note on a stock movement.
pub const STOCK_NOTE_CHARS: usize = 500;
/// Lines of one replenishment.
pub const REPLENISHMENT_LINES: usize = 200;
/// Characters of the name of a person, a company, a branch or a thing.
pub const NAME_CHARS: usize = 200;
/// Characters of a telephone number.
pub const PHONE_CHARS: usize = 40;
/// Characters of an e-mail address.
pub const EMAIL_CHARS: usize = 254;
/// Characters of an address.
pub const ADDRESS_CHARS: usize = 500;
/// Characters of a postal code.
pub const POSTAL_CODE_CHARS: usize = 16;
/// Postal codes of one territory.
pub const POSTAL_CODES_PER_TERRITORY: usize = 500;
/// Characters of the number, model or serial number of a thing or a paper.
pub const SERIAL_CHARS: usize = 100;
/// Territories of one technician.
pub const TERRITORIES_PER_TECHNICIAN: usize = 64;
/// Skills of one technician.
pub const SKILLS_PER_TECHNICIAN: usize = 100;
/// Skills one job may ask for.
pub const SKILLS_PER_JOB: usize = 20;
/// Stretches of work in a technician's week.
pub const HOURS_PER_WEEK: usize = 28;
/// Days an absence may last.
pub const ABSENCE_DAYS: i64 = 366;
/// Contacts of one customer.
pub const CONTACTS_PER_CUSTOMER: usize = 200;
/// Documents one job may ask for.
pub const DOCUMENTS_PER_JOB: usize = 50;
/// Questions of one checklist template.
pub const TEMPLATE_ITEMS: usize = 200;
/// Warnings one call may confirm.
pub const OVERRIDES_PER_CALL: usize = 16;
/// Months from one period of a maintenance contract to the next.
pub const CONTRACT_INTERVAL_MONTHS: i32 = 60;
/// Years a maintenance contract may last, with its renewals.
pub const CONTRACT_YEARS: i32 = 20;
/// Months ahead that owed visits may be written down.
pub const CONTRACT_HORIZON_MONTHS: i32 = 36;
/// Machines one maintenance contract covers.
pub const CONTRACT_EQUIPMENT: usize = 50;
