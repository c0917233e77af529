//! Secrets are exchanged without signing anybody out.

use satchel_domain::REGISTRY;
use satchel_protocol::ErrorCode;
use satchel_server::auth::{Auth, Secrets};
use satchel_tests::{
    phone::{Field, PASSWORD},
    replica::Replica,
    server::{TestServer, unhurried},
};

use super::support::{email, refresh, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_the_secrets_before_work_until_those_are_dropped() {
    let field = Field::new().await;
    let (database, org_id) = (&field.contractor.database, field.contractor.org_id);
    let secret = |letter: &str| letter.repeat(32);
    let serve = async |secrets: Secrets| {
        TestServer::with_auth(Auth::new(database.clone(), secrets), database, &REGISTRY, unhurried()).await
    };
    let before = serve(Secrets::new(secret("a"), secret("b")).unwrap()).await;
    let exchanged = Secrets::new(secret("c"), secret("d")).unwrap();
    let during = exchanged.clone().with_previous(Some(secret("a").into()), Some(secret("b").into())).unwrap();
    let (during, after) = (serve(during).await, serve(exchanged).await);
    let user = email(field.contractor.technicians[0].caller);
    let replica = Replica::new(&REGISTRY, org_id);
    let pull = async |server: &TestServer, token: &str| {
        server.client_with_token(org_id, token.to_owned()).pull(&replica.request()).await.map(drop)
    };

    let (carried_on, left_behind) =
        (sign_in(&before, &user, PASSWORD).await.unwrap(), sign_in(&before, &user, PASSWORD).await.unwrap());
    pull(&during, &carried_on.access_token).await.unwrap();
    let renewed = refresh(&during, &carried_on.refresh_token).await.unwrap();
    // The answer may have been lost: the old one still works, and copies are still found out.
    let renewed_again = refresh(&during, &carried_on.refresh_token).await.unwrap();
    pull(&during, &renewed.access_token).await.unwrap();
    let invalid = (ErrorCode::Unauthorized, Some("invalid"));
    assert_eq!(pull(&before, &renewed.access_token).await.unwrap_err().why(), invalid, "made with the new secret");

    assert_eq!(pull(&after, &carried_on.access_token).await.unwrap_err().why(), invalid);
    pull(&after, &renewed.access_token).await.unwrap();
    let renewed = refresh(&after, &renewed_again.refresh_token).await.unwrap();
    pull(&after, &renewed.access_token).await.unwrap();
    let refusal = refresh(&after, &left_behind.refresh_token).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("unknown")));
    let refusal = refresh(&during, &carried_on.refresh_token).await.err().unwrap();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("reused")));
}
