//! Pull: one page of what a replica misses.
//!
//! Invariants:
//! - A page is read in one REPEATABLE READ, read-only transaction under the caller's row-level security (P6). The next ones
//!   of the pass are read in the same transaction as long as the client takes them at once.
//! - The first page fixes the pass's target; the last hands out the cursor for that target. Rows on later pages may be
//!   newer than the target; what changed since is sent again by the next pass, so nothing is skipped (P7). Where a manifest
//!   is wanted, the last page sends it itself and leads to its own snapshot, which the manifest is read in.
//! - Every page has at most [`limits::PAGE_ROWS`] rows and, but for one long row, [`PAGE_BYTES`] bytes of rows.
//! - What the caller's replica should hold is computed on the first page of every pass. A stream may pass on what this node
//!   computed for it within [`SCOPES_KNOWN_MS`]: for a technician that holds until a row changes from which scopes follow,
//!   and the same statement that names the changes tells so. Office replicas are always computed.
//! - Nothing a phone sends is trusted to be true, only to be what the phone wants to be told.
//! - Page 1 says what the user may call, by the roles of the same transaction, unless the phone states that it knows.
//!
//! Reading order: [`plan`] → `pass` → [`page`]; [`token`] carries a pass from page to page.

pub mod page;
mod pass;
pub mod plan;
pub mod token;

use std::sync::Arc;

use satchel_protocol::{
    Registry, limits,
    wire::{self, PullRequest, Resume},
};
use uuid::Uuid;

use self::{
    page::{Closing, PageWriter},
    pass::Pass,
};
use crate::{
    database::{Caller, Database, Entered, Lane},
    error::{ApiError, check_protocol},
    feed::{
        Concern, ScopeKinds,
        cursor::short_hash,
        rows::{Reader, Room},
        settlements, totals,
        verdicts::{self, Verdicts},
    },
    policy::Policy,
};

/// Milliseconds for which a stream's scopes are known without being computed: they also follow from the day, and a window
/// that turned is found after that at the next delta.
pub const SCOPES_KNOWN_MS: u64 = 30_000;
/// Bytes of row text in one page.
pub const PAGE_BYTES: usize = 4 * 1024 * 1024;
/// The room of a page.
const FULL_PAGE: Room = Room { rows: limits::PAGE_ROWS, bytes: PAGE_BYTES };

/// Reads pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Puller {
    database: Database,
    reader: Reader,
    policy: Policy,
}

/// A page, ready to send.
#[derive(Debug)]
pub struct Page {
    /// A [`DeltaPage`](wire::DeltaPage).
    pub json: String,
    /// The digest of the permissions it tells, if it tells any.
    pub permissions: Option<String>,
    /// Whether it begins to repair a replica that was found to differ from what it should hold.
    pub diverged: bool,
    /// What comes after it.
    pub next: Next,
}

/// What comes after a page.
#[derive(Debug)]
pub enum Next {
    /// Another page of the pass.
    More(Resume),
    /// The next pass, from here.
    Done(Standing),
}

/// Where a replica stands when a pass is complete.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its cursor.
    pub cursor: wire::Cursor,
    /// The scopes it holds, ascending.
    pub scopes: Arc<[Uuid]>,
    /// What they are the ids of.
    pub kinds: ScopeKinds,
    /// Scopes whose changes wake its stream besides, ascending.
    pub wakes: Arc<[Uuid]>,
    /// The highest `seq` whose verdict it has been told.
    pub verdicts_through: u64,
    /// Whether more verdicts wait than fitted the page.
    pub verdicts_left: bool,
    /// What scopes and wakes rest on.
    pub basis: Basis,
}

/// What the scopes of a complete pass rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// They were computed by this pass, under row-level security.
    Computed,
    /// They were known, and are still what was computed.
    Known,
    /// The phone named them, to go on with a pass: they may be anything, and are never known.
    Claimed,
}

impl Puller {
    /// Reads for `registry` from `database`, and tells what `policy` says.
    pub fn new(database: Database, registry: &'static Registry, policy: Policy) -> Self {
        Self { database, reader: Reader::new(registry), policy }
    }

    /// Whether whoever comes now finds a connection at once.
    pub fn has_spare(&self) -> bool {
        self.database.has_spare_for_pulls()
    }

    /// Reads the page that `request` asks for.
    ///
    /// # Errors
    /// UPGRADE_REQUIRED, BAD_REQUEST, PAYLOAD_TOO_LARGE, CURSOR_STALE, SCOPES_REQUIRED for what the request says;
    /// FORBIDDEN when the caller is no active member; SERVICE_UNAVAILABLE when no primary answers.
    pub async fn page(&self, caller: &Caller, request: &PullRequest) -> Result<Page, ApiError> {
        self.pages(caller, request, None, &mut Some).await
    }

    /// The same for a stream: `known` is what the replica should hold, as this node computed it for this caller within
    /// [`SCOPES_KNOWN_MS`]. A page that others follow goes to `take`, which gives it back unless the next may come at once:
    /// that one is then read in the same transaction. Gives the first page that was not taken, or
    /// the last of the pass.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn pages(
        &self,
        caller: &Caller,
        request: &PullRequest,
        known: Option<&Concern>,
        take: &mut (dyn FnMut(Page) -> Option<Page> + Send),
    ) -> Result<Page, ApiError> {
        check_protocol(request.protocol)?;
        let Entered { mut tx, member } = self.database.begin_read(caller).await?;
        let fingerprint = short_hash(&member.fingerprint);
        let org_id = caller.org_id;
        let mut pass = match &request.resume {
            Some(resume) => Pass::go_on(&mut tx, &self.reader, org_id, fingerprint, request.device_id, resume).await?,
            None => {
                let known = known.filter(|_| member.lane == Lane::Field);
                Pass::open(&mut tx, &self.reader, org_id, fingerprint, request, known).await?
            }
        };
        let mut writer = PageWriter::new(pass.opening.as_ref());
        if let Some(place) = request.place() {
            writer.follows(place);
        }
        let mut told = None;
        if let (Some(known), true) = (&request.permissions, pass.opening.is_some()) {
            let permissions = self.policy.permissions(&member.roles);
            if *known != permissions.digest {
                writer.permissions(&permissions);
                told = Some(permissions.digest.clone());
            }
        }
        if let (Some(wipe), true) = (&pass.wipe, pass.opening.is_some()) {
            writer.wipe(wipe);
        }
        let mut diverged = request.diverged && pass.since.is_none() && pass.opening.is_some();
        if diverged {
            let (tables, scopes, ranges, rows) = pass.extent();
            let device_id = request.device_id;
            tracing::warn!(%device_id, tables, scopes, ranges, rows, "a replica differed from what it should hold");
        }
        let mut room = FULL_PAGE;
        while let Some(position) = pass.write(&mut tx, &self.reader, org_id, &mut room, &mut writer).await? {
            let resume = pass.stop_at(position);
            let json = writer.resume(&resume.token);
            (room, writer) = (FULL_PAGE, PageWriter::new(None));
            writer.follows(&resume.token);
            let (permissions, diverged) = (told.take(), std::mem::take(&mut diverged));
            if let Some(page) = take(Page { json, permissions, diverged, next: Next::More(resume) }) {
                return Ok(page);
            }
        }
        let manifest = if request.manifest
            && (pass.opening.is_some() || pass.catch_up(&mut tx, &self.reader, org_id, &mut room, &mut writer).await?)
        {
            let totals = match pass.totals.take() {
                Some(totals) => totals,
                None => self.reader.totals(&mut tx, org_id, &pass.scopes, &pass.kinds).await.map_err(database_error)?,
            };
            Some(totals::per_table(&totals, self.reader.registry().tables))
        } else {
            None
        };
        let verdicts = if pass.last.seq > request.verdicts_through {
            verdicts::read(&mut tx, org_id, request.device_id, request.verdicts_through, limits::PAGE_VERDICTS)
                .await
                .map_err(database_error)?
        } else {
            // The device knows its last one.
            Verdicts::default()
        };
        let settlements = if pass.settled {
            settlements::read(&mut tx, pass.since.as_ref()).await.map_err(database_error)?
        } else {
            String::new()
        };
        let cursor = pass.cursor().encode();
        let closing = Closing { cursor: cursor.clone(), last_seq: pass.last.seq, last_key: pass.last.key, manifest };
        let standing = Standing {
            basis: pass.basis(),
            cursor,
            scopes: pass.kinds.kept(pass.scopes),
            kinds: pass.kinds,
            wakes: pass.wakes.into(),
            verdicts_through: verdicts.through.unwrap_or(request.verdicts_through),
            verdicts_left: verdicts.count == limits::PAGE_VERDICTS,
        };
        let json = writer.close(&closing, &verdicts.json, &settlements);
        Ok(Page { json, permissions: told, diverged, next: Next::Done(standing) })
    }
}

/// A failed read is a fault, unless the database says it cannot now.
fn database_error(error: sqlx::Error) -> ApiError {
    crate::database::DatabaseError::from(error).into()
}
