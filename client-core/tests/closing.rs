//! Closing a client that waits for a server which does not answer.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use satchel_client::{Client, ClientError, ClientOptions};
use satchel_trade::REGISTRY;
use tokio::net::TcpListener;

#[tokio::test]
async fn whoever_signs_in_at_a_silent_server_is_told_that_the_client_closes() {
    let folder = tempfile::tempdir().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let client = Client::open(ClientOptions::new(folder.path(), url, &REGISTRY)).await.unwrap();
    let sign_in = || {
        let client = client.clone();
        tokio::spawn(async move { client.sign_in("ada@example.com", "a password", None).await })
    };
    let first = sign_in();
    let (_connection, _) = silent.accept().await.unwrap();
    client.close().await;
    assert!(matches!(first.await.unwrap(), Err(ClientError::Closed)));
}
