//! Gets a key set: over https, or from a file. Bounded in time and bytes; redirects are not followed.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{io::AsyncReadExt as _, time::timeout};

use super::keys::Source;

/// Seconds to get a key set.
pub const FETCH_S: u64 = 5;
/// Bytes of the largest key set.
pub const KEY_SET_BYTES: usize = 256 * 1024;

/// Why a key set could not be had. Names no contents.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// Nobody answered in time.
    #[error("no answer within {FETCH_S} s")]
    Late,
    /// No connection, or it broke.
    #[error("no connection, or it broke")]
    Broken,
    /// Answered, but not with keys.
    #[error("answered with status {0}")]
    Status(u16),
    /// Longer than any key set.
    #[error("longer than {KEY_SET_BYTES} bytes")]
    TooLarge,
    /// The file cannot be read.
    #[error("cannot read the file")]
    File(#[from] std::io::Error),
}

static CLIENT: LazyLock<Client<HttpsConnector<HttpConnector>, Empty<Bytes>>> = LazyLock::new(|| {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring speaks the default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector =
        hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().build();
    Client::builder(TokioExecutor::new()).build(connector)
});

/// The text of a key set.
pub(super) async fn read(source: &Source) -> Result<Bytes, FetchError> {
    let work = async {
        match source {
            Source::Url(uri) => {
                let response = CLIENT.get(uri.clone()).await.map_err(|_| FetchError::Broken)?;
                if !response.status().is_success() {
                    return Err(FetchError::Status(response.status().as_u16()));
                }
                let body = Limited::new(response.into_body(), KEY_SET_BYTES).collect().await;
                body.map(http_body_util::Collected::to_bytes).map_err(|_| FetchError::TooLarge)
            }
            Source::File(path) => {
                let mut text = Vec::new();
                let file = tokio::fs::File::open(path).await?;
                let read = file.take(KEY_SET_BYTES as u64 + 1).read_to_end(&mut text).await?;
                if read > KEY_SET_BYTES { Err(FetchError::TooLarge) } else { Ok(text.into()) }
            }
        }
    };
    timeout(Duration::from_secs(FETCH_S), work).await.unwrap_or(Err(FetchError::Late))
}
