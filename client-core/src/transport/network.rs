//! Where the server is, and the sockets and certificates to get there.

use std::{sync::Arc, time::Duration};

use reqwest::Url;

/// Within which a TCP connection must open.
const TCP_TIME: Duration = Duration::from_secs(10);

/// How to reach the server.
#[derive(Clone, Debug, Default)]
pub struct NetworkOptions {
    /// Certificates (DER) of authorities trusted beside the public ones, for servers inside a company.
    pub extra_authorities: Vec<Vec<u8>>,
}

/// The server's address or a certificate makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// Not an `http://` or `https://` address.
    #[error("`{url}` is not an address of a server: it should look like https://sync.example.com")]
    Address {
        /// What was given.
        url: String,
    },
    /// This build has no TLS.
    #[error("this build cannot speak https: build it with the feature `tls`")]
    NoTls,
    /// An extra authority is not a certificate.
    #[error("an extra certificate authority is not a DER certificate")]
    Authority,
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}

/// See the module. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    base: Url,
    pub(super) http: reqwest::Client,
    pub(super) connector: Connector,
}

/// What turns a TCP stream into a secure one.
#[cfg(feature = "tls")]
pub(super) type Connector = Option<Arc<rustls::ClientConfig>>;
/// What turns a TCP stream into a secure one.
#[cfg(not(feature = "tls"))]
pub(super) type Connector = Option<Arc<std::convert::Infallible>>;

impl Network {
    /// The network as seen from `server_url`, which may have a path.
    pub(crate) fn new(server_url: &str, options: &NetworkOptions) -> Result<Self, NetworkError> {
        let address = || NetworkError::Address { url: server_url.to_owned() };
        let mut base = Url::parse(server_url).map_err(|_| address())?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none_or(str::is_empty) {
            return Err(address());
        }
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        let connector = connector(&base, options)?;
        let mut client = reqwest::Client::builder().tcp_nodelay(true).connect_timeout(TCP_TIME);
        #[cfg(feature = "tls")]
        if let Some(config) = &connector {
            client = client.tls_backend_preconfigured(config.as_ref().clone());
        }
        client = client.redirect(reqwest::redirect::Policy::none());
        Ok(Self { base, http: client.build().map_err(NetworkError::Client)?, connector })
    }

    /// The address of `path`, without a leading slash.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path()));
        url
    }

    /// Whether the connection is secure.
    pub(super) fn secure(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// A TCP connection to the server.
    pub(super) async fn tcp(&self) -> std::io::Result<tokio::net::TcpStream> {
        let host = self.base.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = self.base.port_or_known_default().unwrap_or(443);
        let stream = tokio::time::timeout(TCP_TIME, tokio::net::TcpStream::connect((host, port))).await??;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

#[cfg(feature = "tls")]
fn connector(_: &Url, options: &NetworkOptions) -> Result<Connector, NetworkError> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for authority in &options.extra_authorities {
        roots.add(authority.clone().into()).map_err(|_| NetworkError::Authority)?;
    }
    // Named, not the process's default: an app may install another one.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks the default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Some(Arc::new(config)))
}

#[cfg(not(feature = "tls"))]
fn connector(base: &Url, _: &NetworkOptions) -> Result<Connector, NetworkError> {
    if base.scheme() == "https" { Err(NetworkError::NoTls) } else { Ok(None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_may_have_a_path() {
        let options = NetworkOptions::default();
        let network = Network::new("http://localhost:8080/satchel", &options).unwrap();
        assert_eq!(network.url("api/v1/sync/ws").as_str(), "http://localhost:8080/satchel/api/v1/sync/ws");
        for wrong in ["localhost:8080", "ftp://x", "", "http://"] {
            assert!(matches!(Network::new(wrong, &options), Err(NetworkError::Address { .. })), "{wrong}");
        }
    }
}
