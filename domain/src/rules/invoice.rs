//! An invoice as a whole: its amounts, and the right to write it.
//!
//! Invariants:
//! - The invoice's amounts are the sums of its lines' ([`totals`]).
//! - Amounts change while the invoice is a draft only. Its balance and state follow from the ledger.
//! - A piece of material and a stretch of time are charged once, whichever invoice of the job they are on.

use satchel_protocol::{Ctx, Id, Rejection, RowKey, Stop, Workspace};

use super::{
    balance::Balance,
    invoice_state,
    limits::INVOICE_LINES,
    money::Cents,
    scene,
    totals::{self, Discount, Entry, Totals},
};
use crate::{
    roles::{Actor, BILLERS},
    tables::{Assignment, Invoice, InvoiceLine, InvoiceState, Job, Payment},
};

/// Who writes an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The office: any invoice in sight.
    Office,
    /// A technician: invoices of jobs with an own assignment.
    Technician,
}

impl Party {
    /// Who the author is on this job: members in [`BILLERS`], and whoever is no technician, are the office. Refuses with
    /// `job.not_assigned` a technician who is not, or no longer, assigned to the job.
    pub fn of(ctx: &Ctx, work: &mut Workspace, job: Id<Job>) -> Result<Self, Stop> {
        let actor = Actor::beside(ctx, BILLERS)?;
        if actor == Actor::Planner {
            return Ok(Self::Office);
        }
        let assignments: Vec<Assignment> = work.find(Assignment::BY_JOB, vec![job.into()])?;
        let message = "You are not assigned to this job any more.";
        scene::require_assigned(actor, &assignments, "job.not_assigned", message)?;
        Ok(Self::Technician)
    }

    /// Refuses a technician with `role.billing_only` what exceeds the limits set to technicians.
    pub fn require_office(self) -> Result<(), Rejection> {
        match self {
            Self::Office => Ok(()),
            Self::Technician => {
                let message = "Only the office can do this. Please ask your billing department.";
                Err(Rejection::forbidden("role.billing_only", message))
            }
        }
    }
}

/// What to lock before anything is written on an invoice. The job comes along: what is charged once is decided over all
/// of its invoices.
pub fn roots(job: Id<Job>, invoice: Id<Invoice>) -> Vec<RowKey> {
    vec![RowKey::of(job), RowKey::of(invoice)]
}

/// An invoice with its lines and its ledger.
#[derive(Clone, Debug)]
pub struct Bill {
    /// The invoice.
    pub invoice: Invoice,
    /// What is charged for, in the order of the invoice.
    pub lines: Vec<InvoiceLine>,
    /// Every entry of its ledger.
    pub ledger: Vec<Payment>,
}

impl Bill {
    /// Reads an invoice. Refuses when it is not there or is of another job (`invoice.other_job`). The right to write it
    /// is the caller's to ask for.
    pub fn of(work: &mut Workspace, job: Id<Job>, invoice: Id<Invoice>) -> Result<Self, Stop> {
        let invoice: Invoice = work.require(invoice)?;
        if invoice.job_id != job {
            return Err(Rejection::bad_request("invoice.other_job", "This invoice belongs to another job.").into());
        }
        let mut lines: Vec<InvoiceLine> = work.find(InvoiceLine::BY_INVOICE, vec![invoice.id.into()])?;
        lines.sort_by_key(|line| (line.position, line.id));
        let ledger = work.find(Payment::BY_INVOICE, vec![invoice.id.into()])?;
        Ok(Self { invoice, lines, ledger })
    }

    /// Refuses with `invoice.not_draft` once it is issued or void.
    pub fn require_draft(&self) -> Result<(), Rejection> {
        if self.invoice.state == InvoiceState::Draft {
            return Ok(());
        }
        let state = invoice_state::words(&self.invoice.state);
        let message = format!("This invoice is {state}, so it can no longer be changed.");
        Err(Rejection::conflict("invoice.not_draft", message))
    }

    /// Refuses another line with `invoice.too_many_lines`.
    pub fn require_room(&self) -> Result<(), Rejection> {
        if self.lines.len() < INVOICE_LINES {
            return Ok(());
        }
        let message = format!("An invoice can have at most {INVOICE_LINES} lines. Please start another one.");
        Err(Rejection::conflict("invoice.too_many_lines", message))
    }

    /// The place of the next line.
    pub fn next_position(&self) -> i32 {
        self.lines.iter().map(|line| line.position).max().unwrap_or_default().saturating_add(1)
    }

    /// The line of that id; refuses when it is not there or on another invoice (`invoice.other_line`).
    pub fn line(&self, work: &mut Workspace, id: Id<InvoiceLine>) -> Result<InvoiceLine, Stop> {
        let line: InvoiceLine = work.require(id)?;
        if line.invoice_id == self.invoice.id {
            return Ok(line);
        }
        Err(Rejection::bad_request("invoice.other_line", "This line belongs to another invoice.").into())
    }

    /// Adds a draft up anew, with its lines as the workspace has them, and stores what differs. To be called after every
    /// change of them.
    pub fn retotal(&mut self, work: &mut Workspace) -> Result<Cents, Stop> {
        self.require_draft()?;
        let mut lines: Vec<InvoiceLine> = work.find(InvoiceLine::BY_INVOICE, vec![self.invoice.id.into()])?;
        lines.sort_by_key(|line| (line.position, line.id));
        let entries: Vec<Entry> = lines.iter().map(entry).collect();
        let discount = if self.invoice.discount_fixed_cents.is_zero() {
            Discount::Percent(self.invoice.discount_percent)
        } else {
            Discount::Fixed(self.invoice.discount_fixed_cents)
        };
        let Totals { whole, lines: amounts } = totals::totals(&entries, discount)?;
        for (line, amounts) in lines.iter_mut().zip(amounts) {
            let stored = line.clone();
            line.gross_cents = amounts.gross_cents;
            line.discount_cents = amounts.discount_cents;
            line.tax_cents = amounts.tax_cents;
            line.total_cents = amounts.total_cents;
            if *line != stored {
                work.update(line)?;
            }
        }
        self.lines = lines;
        let changed = Invoice {
            subtotal_cents: whole.gross_cents,
            discount_cents: whole.discount_cents,
            tax_cents: whole.tax_cents,
            total_cents: whole.total_cents,
            ..self.invoice.clone()
        };
        self.replace(work, changed)?;
        Ok(whole.total_cents)
    }

    /// Brings balance and state in step with the ledger as the workspace has it, and tells the balance.
    pub fn settle_up(&mut self, work: &mut Workspace) -> Result<Balance, Stop> {
        self.ledger = work.find(Payment::BY_INVOICE, vec![self.invoice.id.into()])?;
        let balance = Balance::of(&self.invoice, &self.ledger)?;
        let changed = Invoice {
            paid_cents: balance.paid,
            pending_cents: balance.pending,
            overpaid: balance.is_overpaid()?,
            state: invoice_state::follow(&self.invoice.state, &balance),
            ..self.invoice.clone()
        };
        self.replace(work, changed)?;
        Ok(balance)
    }

    /// Writes another image of the invoice, if it is another.
    pub fn replace(&mut self, work: &mut Workspace, changed: Invoice) -> Result<(), Stop> {
        if changed != self.invoice {
            work.update(&changed)?;
            self.invoice = changed;
        }
        Ok(())
    }
}

fn entry(line: &InvoiceLine) -> Entry {
    Entry {
        quantity: line.quantity,
        unit_price_cents: line.unit_price_cents,
        discount_percent: line.discount_percent,
        tax_percent: line.tax_percent,
    }
}
