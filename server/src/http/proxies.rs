//! Where a request comes from when it came through proxies.
//!
//! Invariants:
//! - `X-Forwarded-For` counts only from a proxy that is trusted, and is read from the right: an entry is believed because
//!   the hop that wrote it is trusted. What a client writes there itself stands further to the left and is never reached.
//! - Nobody is trusted unless the operator says so.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderMap,
};
use ipnet::IpNet;

/// The header in which each proxy adds the address it was called from, at the right.
pub const FORWARDED_HEADER: &str = "x-forwarded-for";

/// Where a request comes from, as far as that can be believed; among its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// A network of proxies: `10.0.0.0/8`, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProxyNetwork(IpNet);

/// What stands where a network should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANetwork {
    /// Not spelled as one.
    #[error("not a network: it should look like 10.0.0.0/8, fd00::/8, or an address alone")]
    Spelling,
    /// All there is.
    #[error("a network of all addresses would let every client say where it comes from: name those of your proxies")]
    Everything,
}

impl FromStr for ProxyNetwork {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let text = text.trim();
        let alone = || text.parse().ok().map(|address: IpAddr| IpNet::from(address.to_canonical()));
        let network: IpNet = text.parse().ok().or_else(alone).ok_or(NotANetwork::Spelling)?;
        if network.prefix_len() == 0 { Err(NotANetwork::Everything) } else { Ok(Self(network)) }
    }
}

/// The proxies whose word counts. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[ProxyNetwork]>);

impl FromIterator<ProxyNetwork> for TrustedProxies {
    fn from_iter<T: IntoIterator<Item = ProxyNetwork>>(networks: T) -> Self {
        Self(networks.into_iter().collect())
    }
}

impl TrustedProxies {
    /// Notes where a request comes from, if it is known who is connected.
    pub(super) fn note(&self, request: &mut Request) {
        if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
            let client = self.client(peer.ip(), request.headers());
            request.extensions_mut().insert(ClientAddress(client));
        }
    }

    /// The nearest hop that is no trusted proxy, going back from `peer`, who is connected here. When a proxy names nobody,
    /// or writes what is no address, it is the proxy itself.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut hops = headers
            .get_all(FORWARDED_HEADER)
            .iter()
            .rev()
            .flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
        while self.trusts(client) {
            match hops.next().and_then(address) {
                Some(hop) => client = hop,
                None => break,
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|ProxyNetwork(network)| network.contains(&address))
    }
}

/// An address as proxies spell it: alone, or with a port.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop).ok()?.trim();
    let with_port = || hop.parse().ok().map(|address: SocketAddr| address.ip());
    hop.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let proxies: TrustedProxies = trusted.iter().map(|network| network.parse::<ProxyNetwork>().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_HEADER, value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_unless_told() {
        assert_eq!(client(&[], "10.0.0.1", &["198.51.100.7"]), "10.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "203.0.113.5", &["198.51.100.7"]), "203.0.113.5");
    }

    #[test]
    fn the_nearest_hop_that_is_no_proxy_is_the_client() {
        let trusted = ["10.0.0.0/8", "fd00::/8"];
        assert_eq!(client(&trusted, "10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client(&trusted, "10.0.0.1", &["198.51.100.7, fd00::2"]), "198.51.100.7");
        assert_eq!(client(&trusted, "10.0.0.1", &["198.51.100.7:4711 ,10.9.9.9"]), "198.51.100.7");
        assert_eq!(client(&trusted, "fd00::1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(client(&trusted, "::ffff:10.0.0.1", &["::ffff:198.51.100.7"]), "198.51.100.7");
    }

    #[test]
    fn what_a_client_wrote_itself_is_never_reached() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client(&trusted, "10.0.0.1", &["1.2.3.4, 198.51.100.7"]), "198.51.100.7");
        // As lines of their own, and pretending to be a proxy.
        assert_eq!(client(&trusted, "10.0.0.1", &["1.2.3.4", "10.7.7.7", "198.51.100.7, 10.0.0.2"]), "198.51.100.7");
    }

    #[test]
    fn a_proxy_that_names_nobody_counts_itself() {
        let trusted = ["10.0.0.0/8"];
        for forwarded in [&[][..], &[""], &["unknown"], &["1.2.3.4, unknown"], &["1.2.3.4,"], &["10.0.0.256"]] {
            assert_eq!(client(&trusted, "10.0.0.1", forwarded), "10.0.0.1", "{forwarded:?}");
        }
        assert_eq!(client(&trusted, "10.0.0.1", &["10.0.0.2"]), "10.0.0.2");
    }

    #[test]
    fn networks_are_spelled_as_usual_and_never_all_there_is() {
        assert_eq!("192.0.2.1".parse(), Ok(ProxyNetwork("192.0.2.1/32".parse().unwrap())));
        assert!(" fd00::/8".parse::<ProxyNetwork>().is_ok());
        for text in ["", "10.0.0.0/33", "proxy.example", "10.0.0.0/-1", "10.0.0.0/8/8"] {
            assert_eq!(text.parse::<ProxyNetwork>(), Err(NotANetwork::Spelling), "{text}");
        }
        for text in ["0.0.0.0/0", "::/0", "192.0.2.1/0"] {
            assert_eq!(text.parse::<ProxyNetwork>(), Err(NotANetwork::Everything), "{text}");
        }
    }
}
