//! Keeps the session current.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use satchel_protocol::wire::auth::{Membership, Refresh, Session, SignIn};
use uuid::Uuid;

use super::{StoredSession, TokenStore, TokenStoreError, Tokens};
use crate::{
    clock::Anchor,
    engine::{Class, Ended, Failure},
    store::Identity,
    transport::Network,
};

/// Longest wait of a sign-out for the server to hear of it, in milliseconds.
const SIGN_OUT_WAIT_MAX_MS: u64 = 2_000;

/// Why a sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// E-mail address or password is wrong, or the server cannot be asked.
    #[error(transparent)]
    Refused(#[from] Failure),
    /// The user is in no organization.
    #[error("this account belongs to no organization yet: ask for an invitation")]
    NoOrganization,
    /// The user must say which organization.
    #[error("this account belongs to {} organizations: choose one", .0.len())]
    ChooseOrganization(Vec<Membership>),
    /// The user is not in the organization asked for.
    #[error("this account does not belong to the organization {0}")]
    OtherOrganization(Uuid),
    /// The session cannot be kept.
    #[error(transparent)]
    Store(#[from] TokenStoreError),
}

/// What a run learned that the next should know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noted {
    pub(crate) server_offset_ms: i64,
    pub(crate) anchor: Option<Anchor>,
    pub(crate) last_synced_ms: Option<i64>,
}

/// See the module above.
#[derive(Debug)]
pub(crate) struct Keeper {
    network: Network,
    store: Arc<dyn TokenStore>,
    current: Mutex<Option<StoredSession>>,
    /// Held while the session changes, in memory and where it is stored: otherwise a note could bring spent tokens back,
    /// or two writers spoil the file. Never held while the network is asked.
    changing: Mutex<()>,
    /// Held while a refresh token is being exchanged.
    exchange: tokio::sync::Mutex<()>,
}

impl Keeper {
    /// Takes up the session kept in `store`. A damaged one counts as none.
    pub(crate) fn open(network: Network, store: Arc<dyn TokenStore>) -> Result<Self, TokenStoreError> {
        let current = match store.load() {
            Err(TokenStoreError::Damaged { .. }) => None,
            loaded => loaded?,
        };
        Ok(Self {
            network,
            store,
            current: Mutex::new(current),
            changing: Mutex::default(),
            exchange: tokio::sync::Mutex::new(()),
        })
    }

    /// The session, with or without tokens.
    pub(crate) fn session(&self) -> Option<StoredSession> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Exchanges e-mail address and password for a session in one organization.
    pub(crate) async fn sign_in(
        &self,
        email: &str,
        password: &str,
        org_id: Option<Uuid>,
    ) -> Result<StoredSession, SignInError> {
        let body = SignIn { email: email.to_owned(), password: password.to_owned() };
        let answer: Session = self.network.post("api/v1/auth/sign-in", &body).await?;
        let membership = choose(&answer.memberships, org_id)?;
        let before = self.session().filter(|session| session.user_id == answer.user_id);
        let session = StoredSession {
            user_id: answer.user_id,
            membership,
            server_offset_ms: before.as_ref().map_or(0, |session| session.server_offset_ms),
            anchor: before.as_ref().and_then(|session| session.anchor),
            last_synced_ms: before.and_then(|session| session.last_synced_ms),
            tokens: Some(tokens(&answer)),
            ended: None,
        };
        let _turn = self.exchange.lock().await;
        self.keep(&session)?;
        Ok(session)
    }

    /// This user's access token, unless it has certainly expired. Nobody else's: a queue is pushed only as its author,
    /// also in the moment when another user has signed in and this one's driver still runs.
    pub(crate) fn bearer(&self, user_id: Uuid) -> Result<String, Failure> {
        let session = self.session().filter(|session| session.user_id == user_id).ok_or_else(nobody)?;
        let tokens = session.tokens.ok_or_else(|| over(session.ended))?;
        if tokens.access_expires_ms <= Timestamp::now().as_millisecond() {
            return Err(Failure::unauthorized("The access token has expired."));
        }
        Ok(tokens.access)
    }

    /// Exchanges the refresh token. Whoever comes while an exchange is under way gets its result.
    pub(crate) async fn refresh(&self) -> Result<StoredSession, Failure> {
        let seen = self.session().ok_or_else(nobody)?;
        let _turn = self.exchange.lock().await;
        let session = self.session().ok_or_else(nobody)?;
        if session.tokens.is_some() && session.tokens != seen.tokens {
            return Ok(session);
        }
        let refresh_token = session.tokens.clone().ok_or_else(|| over(session.ended))?.refresh;
        let answer: Session = match self.network.post("api/v1/auth/refresh", &Refresh { refresh_token }).await {
            Ok(answer) => answer,
            Err(failure) if failure.class == Class::SignIn => {
                let over = StoredSession { tokens: None, ended: failure.ended, ..session };
                // If it cannot be stored, the next run is refused like this one.
                let _ = self.keep(&over);
                return Err(failure);
            }
            Err(failure) => return Err(failure),
        };
        let kept = session.membership.org_id;
        // The user may have left the organization: the sync says so; the replica stays theirs to look at.
        let membership = choose(&answer.memberships, Some(kept)).unwrap_or(session.membership);
        let session = StoredSession { membership, tokens: Some(tokens(&answer)), ..session };
        self.keep(&session).map_err(|error| Failure::later(error.to_string()))?;
        Ok(session)
    }

    /// Remembers what was learned about clocks and freshness.
    pub(crate) fn note(&self, noted: Noted) {
        let _change = self.change();
        if let Some(session) = self.session() {
            let Noted { server_offset_ms, anchor, last_synced_ms } = noted;
            let noted = StoredSession { server_offset_ms, anchor, last_synced_ms, ..session.clone() };
            if noted != session
                && let Err(error) = self.replace(&noted)
            {
                tracing::warn!(%error, "the time of the last sync was not kept");
            }
        }
    }

    /// Tells the server that a device of this user has cleared itself.
    pub(crate) async fn wiped(&self, identity: &Identity, device_id: Uuid) -> Result<(), Failure> {
        let token = match self.bearer(identity.user_id) {
            Ok(token) => token,
            Err(_) => {
                self.refresh().await?;
                self.bearer(identity.user_id)?
            }
        };
        let path = format!("api/v1/auth/devices/{device_id}/wiped");
        self.network.post_as(&path, &token, identity.org_id).await
    }

    /// Ends the session here, and on the server if it can be reached.
    pub(crate) async fn sign_out(&self) -> Result<(), TokenStoreError> {
        let _turn = self.exchange.lock().await;
        let tokens = self.session().and_then(|session| session.tokens);
        {
            let _change = self.change();
            self.store.clear()?;
            *self.current.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        if let Some(tokens) = tokens {
            let network = self.network.clone();
            let telling = tokio::spawn(async move {
                let body = Refresh { refresh_token: tokens.refresh };
                if let Err(error) = network.post_only("api/v1/auth/sign-out", &body).await {
                    tracing::debug!(%error, "the server was not told of a sign-out; the session expires by itself");
                }
            });
            // It goes on when nobody waits for it any more (P9).
            let _ = tokio::time::timeout(Duration::from_millis(SIGN_OUT_WAIT_MAX_MS), telling).await;
        }
        Ok(())
    }

    fn keep(&self, session: &StoredSession) -> Result<(), TokenStoreError> {
        let _change = self.change();
        self.replace(session)
    }

    fn change(&self) -> std::sync::MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// While [`change`](Self::change) is held.
    fn replace(&self, session: &StoredSession) -> Result<(), TokenStoreError> {
        // In memory first: a spent refresh token is worth nothing, whether or not the disk is full.
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(session.clone());
        self.store.save(session)
    }
}

fn choose(memberships: &[Membership], org_id: Option<Uuid>) -> Result<Membership, SignInError> {
    match (memberships, org_id) {
        (_, Some(org_id)) => memberships
            .iter()
            .find(|membership| membership.org_id == org_id)
            .cloned()
            .ok_or(SignInError::OtherOrganization(org_id)),
        ([], None) => Err(SignInError::NoOrganization),
        ([only], None) => Ok(only.clone()),
        (several, None) => Err(SignInError::ChooseOrganization(several.to_vec())),
    }
}

fn tokens(answer: &Session) -> Tokens {
    let lasts_ms = i64::try_from(answer.access_expires_in_s).unwrap_or(i64::MAX).saturating_mul(1_000);
    Tokens {
        access: answer.access_token.clone(),
        access_expires_ms: Timestamp::now().as_millisecond().saturating_add(lasts_ms),
        refresh: answer.refresh_token.clone(),
    }
}

fn nobody() -> Failure {
    Failure::unauthorized("Nobody is signed in.")
}

fn over(ended: Option<Ended>) -> Failure {
    Failure { ended, ..Failure::unauthorized("The session has ended.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{session::MemoryTokenStore, transport::NetworkOptions};

    #[test]
    fn a_token_is_given_to_its_own_user_only() {
        let network = Network::new("http://localhost:1", &NetworkOptions::default()).unwrap();
        let store = MemoryTokenStore::default();
        let user_id = Uuid::from_u128(1);
        let membership =
            Membership { org_id: Uuid::from_u128(2), org_name: String::new(), roles: Vec::new(), technician_id: None };
        let tokens = Tokens { access: "a".into(), access_expires_ms: i64::MAX, refresh: "r".into() };
        let session = StoredSession {
            user_id,
            membership,
            tokens: Some(tokens),
            ended: None,
            server_offset_ms: 0,
            anchor: None,
            last_synced_ms: None,
        };
        store.save(&session).unwrap();
        let keeper = Keeper::open(network, Arc::new(store)).unwrap();
        assert_eq!(keeper.bearer(user_id).unwrap(), "a");
        assert_eq!(keeper.bearer(Uuid::from_u128(3)).unwrap_err().class, Class::SignIn);
        // A note keeps the tokens as they are now.
        keeper.note(Noted { server_offset_ms: 5, anchor: None, last_synced_ms: Some(7) });
        let noted = StoredSession { server_offset_ms: 5, last_synced_ms: Some(7), ..session };
        assert_eq!(keeper.session(), Some(noted));
    }

    fn member_of(org_id: u128) -> Membership {
        let org_id = Uuid::from_u128(org_id);
        Membership { org_id, org_name: "Testing".to_owned(), roles: vec!["technician".to_owned()], technician_id: None }
    }

    #[test]
    fn a_session_outlives_the_process_and_hides_its_tokens() {
        let folder = std::env::temp_dir().join(format!("satchel-keeper-{}", Uuid::now_v7()));
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("session.json");
        let open = || {
            let network = Network::new("http://localhost:1", &NetworkOptions::default()).unwrap();
            Keeper::open(network, Arc::new(crate::session::FileTokenStore::new(&path))).unwrap()
        };
        let tokens = Tokens { access: "secret".into(), access_expires_ms: 0, refresh: "secret".into() };
        let user_id = Uuid::from_u128(1);
        let session = StoredSession {
            user_id,
            membership: member_of(2),
            tokens: Some(tokens),
            ended: None,
            server_offset_ms: 0,
            anchor: None,
            last_synced_ms: None,
        };
        open().keep(&session).unwrap();
        assert_eq!(open().session(), Some(session.clone()));
        assert!(!format!("{session:?}").contains("secret"));
        // An expired token is not even tried.
        assert_eq!(open().bearer(user_id).unwrap_err().class, Class::SignIn);
        // A damaged file counts as none, and is replaced by the next sign-in.
        std::fs::write(&path, "half a sess").unwrap();
        assert_eq!(open().session(), None);
        open().keep(&session).unwrap();
        assert_eq!(open().session(), Some(session));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_organization_is_chosen_explicitly_unless_there_is_one() {
        let (one, two) = ([member_of(2)], [member_of(2), member_of(3)]);
        assert_eq!(choose(&one, None).unwrap(), one[0]);
        assert_eq!(choose(&two, Some(two[1].org_id)).unwrap(), two[1]);
        assert!(matches!(choose(&two, None), Err(SignInError::ChooseOrganization(list)) if list == two));
        assert!(matches!(choose(&[], None), Err(SignInError::NoOrganization)));
        assert!(matches!(choose(&one, Some(two[1].org_id)), Err(SignInError::OtherOrganization(_))));
    }
}
