//! Where the server is, and the sockets and certificates to get there.

#[cfg(feature = "tls")]
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::{
    Uri,
    body::Bytes,
    header::HeaderValue,
    http::uri::{PathAndQuery, Scheme},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// Within which a TCP connection must open.
const TCP_TIME: Duration = Duration::from_secs(10);

/// How to reach the server.
#[derive(Clone, Debug, Default)]
pub struct NetworkOptions {
    /// Certificates (DER) of authorities trusted beside the public ones, for servers inside a company.
    pub extra_authorities: Vec<Vec<u8>>,
    /// What the app says it is, for the office's list of devices: `android 15; 2.4.1`, in ASCII. This core and what it
    /// runs on, unless told.
    pub app: Option<String>,
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
}

/// See the module. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    base: Uri,
    pub(super) app: HeaderValue,
    pub(super) http: Client<Wire, Full<Bytes>>,
    #[cfg(feature = "tls")]
    pub(super) tls: Tls,
}

/// What opens connections for requests.
#[cfg(feature = "tls")]
type Wire = hyper_rustls::HttpsConnector<HttpConnector>;
/// What turns a TCP stream into a secure one.
#[cfg(feature = "tls")]
pub(super) type Tls = Arc<rustls::ClientConfig>;

/// What opens connections for requests.
#[cfg(not(feature = "tls"))]
type Wire = HttpConnector;
/// Nothing turns a TCP stream into a secure one.
#[cfg(not(feature = "tls"))]
pub(super) type Tls = ();

impl Network {
    /// The network as seen from `server_url`, which may have a path.
    pub(crate) fn new(server_url: &str, options: &NetworkOptions) -> Result<Self, NetworkError> {
        let address = || NetworkError::Address { url: server_url.to_owned() };
        let base: Uri = server_url.parse().map_err(|_| address())?;
        let known = matches!(base.scheme_str(), Some("http" | "https"));
        if !known || base.host().is_none_or(str::is_empty) || base.query().is_some() {
            return Err(address());
        }
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(TCP_TIME));
        tcp.enforce_http(false);
        let tls = tls(&base, options)?;
        // No connection is kept for the next request: a network that changed meanwhile may have forgotten it, and the
        // request would wait for an answer that never comes.
        let http = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(wire(tcp, &tls));
        Ok(Self {
            base,
            app: app(options),
            http,
            #[cfg(feature = "tls")]
            tls,
        })
    }

    /// The address of `path`, without a leading slash.
    pub(crate) fn uri(&self, path: &str) -> Uri {
        let mut parts = self.base.clone().into_parts();
        let path = format!("{}/{path}", self.base.path().trim_end_matches('/'));
        parts.path_and_query = Some(PathAndQuery::try_from(path).expect("a path of this crate below a path"));
        Uri::from_parts(parts).expect("a whole address with another path")
    }

    /// The same for a WebSocket.
    pub(super) fn socket_uri(&self, path: &str) -> Uri {
        let mut parts = self.uri(path).into_parts();
        let scheme = if self.secure() { "wss" } else { "ws" };
        parts.scheme = Some(Scheme::try_from(scheme).expect("a scheme"));
        Uri::from_parts(parts).expect("a whole address with another scheme")
    }

    /// Whether the connection is secure.
    pub(super) fn secure(&self) -> bool {
        self.base.scheme() == Some(&Scheme::HTTPS)
    }

    /// A TCP connection to the server.
    pub(super) async fn tcp(&self) -> std::io::Result<tokio::net::TcpStream> {
        let host = self.base.host().unwrap_or_default().trim_matches(['[', ']']);
        let port = self.base.port_u16().unwrap_or(if self.secure() { 443 } else { 80 });
        let stream = tokio::time::timeout(TCP_TIME, tokio::net::TcpStream::connect((host, port))).await??;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// What cannot be a header is left out: it is only for a list.
fn app(options: &NetworkOptions) -> HeaderValue {
    let own = || format!("{}; core {}", std::env::consts::OS, env!("CARGO_PKG_VERSION"));
    let text = options.app.clone().unwrap_or_else(own);
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(feature = "tls")]
fn wire(tcp: HttpConnector, tls: &Tls) -> Wire {
    let builder = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls.as_ref().clone());
    builder.https_or_http().enable_http1().wrap_connector(tcp)
}

#[cfg(not(feature = "tls"))]
fn wire(tcp: HttpConnector, (): &Tls) -> Wire {
    tcp
}

#[cfg(feature = "tls")]
fn tls(_: &Uri, options: &NetworkOptions) -> Result<Tls, NetworkError> {
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
    Ok(Arc::new(config))
}

#[cfg(not(feature = "tls"))]
fn tls(base: &Uri, _: &NetworkOptions) -> Result<Tls, NetworkError> {
    if base.scheme() == Some(&Scheme::HTTPS) { Err(NetworkError::NoTls) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_may_have_a_path() {
        let options = NetworkOptions::default();
        let network = Network::new("http://localhost:8080/satchel", &options).unwrap();
        assert_eq!(network.uri("api/v1/sync/push"), "http://localhost:8080/satchel/api/v1/sync/push");
        assert_eq!(network.socket_uri("api/v1/sync/ws"), "ws://localhost:8080/satchel/api/v1/sync/ws");
        let root = Network::new("http://localhost", &options).unwrap();
        assert_eq!(root.uri("healthz"), "http://localhost/healthz");
        for wrong in ["localhost:8080", "ftp://x", "", "http://"] {
            assert!(matches!(Network::new(wrong, &options), Err(NetworkError::Address { .. })), "{wrong}");
        }
    }
}
