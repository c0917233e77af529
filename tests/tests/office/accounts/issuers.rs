//! External issuers: their tokens open a session for the person they name, and nobody else's token does.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use satchel_domain::REGISTRY;
use satchel_protocol::{ErrorCode, wire::auth::Session};
use satchel_server::auth::{
    Auth, Secrets,
    issuers::{IssuerOptions, Issuers, TOKEN_BYTES},
};
use satchel_tests::{
    phone::Field,
    server::{Refused, TestServer, unhurried},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use uuid::Uuid;

use super::support::{answer, email, refresh};

const AUDIENCE: &str = "satchel-test";

/// Made for these tests, and used nowhere else.
const RSA_KEY: &str = include_str!("rsa_test_key.pem");

/// An issuer on a port of its own, which publishes what it is told to.
struct Issuer {
    name: String,
    published: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let name = format!("http://{}", listener.local_addr().unwrap());
        let (published, asked) = (Arc::<Mutex<String>>::default(), Arc::<AtomicUsize>::default());
        let (keys, count) = (published.clone(), asked.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let body = keys.lock().unwrap().clone();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                tokio::spawn(async move {
                    let mut request = [0; 4_096];
                    let _ = stream.read(&mut request).await;
                    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                });
            }
        });
        Self { name, published, asked }
    }

    fn publish(&self, keys: &[&Key]) {
        let keys: Vec<&Jwk> = keys.iter().map(|key| &key.public).collect();
        *self.published.lock().unwrap() = json!({ "keys": keys }).to_string();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn claims(&self, subject: &str, email: &str) -> Value {
        let now_s = jiff::Timestamp::now().as_second();
        json!({
            "iss": self.name, "aud": AUDIENCE, "sub": subject, "email": email, "email_verified": true,
            "iat": now_s, "nbf": now_s, "exp": now_s + 300,
        })
    }
}

/// A key pair of an issuer.
struct Key {
    kid: String,
    algorithm: Algorithm,
    private: EncodingKey,
    public: Jwk,
}

impl Key {
    fn new(kid: &str, algorithm: Algorithm) -> Self {
        let ec_pair = || rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap().serialize_der();
        let private = match algorithm {
            Algorithm::EdDSA => {
                // PKCS #8 around any 32 bytes.
                let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
                der.extend(rand::random::<[u8; 32]>());
                EncodingKey::from_ed_der(&der)
            }
            Algorithm::ES256 => EncodingKey::from_ec_der(&ec_pair()),
            _ => EncodingKey::from_rsa_pem(RSA_KEY.as_bytes()).unwrap(),
        };
        let mut public = Jwk::from_encoding_key(&private, algorithm).unwrap();
        public.common.key_id = Some(kid.to_owned());
        Self { kid: kid.to_owned(), algorithm, private, public }
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(self.algorithm) };
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }
}

/// A contractor whose server takes an issuer's tokens.
struct Scene {
    field: Field,
    issuer: Issuer,
    server: TestServer,
}

impl Scene {
    async fn new(refetch_pause: Duration) -> Self {
        let (field, issuer) = (Field::new().await, Issuer::start().await);
        let keys = format!("{}/jwks", issuer.name).parse().unwrap();
        let options = IssuerOptions { refetch_pause, ..IssuerOptions::new(&issuer.name, AUDIENCE, keys) };
        let database = &field.contractor.database;
        let auth = Auth::with_issuers(database.clone(), Secrets::generate(), Issuers::new(vec![options]));
        let server = TestServer::with_auth(auth, database, &REGISTRY, unhurried()).await;
        Self { field, issuer, server }
    }

    /// The e-mail address of somebody known.
    fn known(&self) -> String {
        email(self.field.contractor.technicians[0].caller)
    }

    async fn exchange(&self, token: &str) -> Result<Session, Refused> {
        let request = reqwest::Client::new().post(format!("{}/api/v1/auth/exchange", self.server.url()));
        answer(request.json(&json!({ "token": token }))).await
    }

    async fn refused(&self, token: &str) -> (ErrorCode, String) {
        let refusal = self.exchange(token).await.err().expect("a refusal");
        (refusal.error.code, refusal.error.details["reason"].as_str().unwrap_or_default().to_owned())
    }
}

fn with(claims: &Value, change: Value) -> Value {
    let mut claims = claims.clone();
    let members = claims.as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap().clone() {
        if value.is_null() {
            members.remove(&name)
        } else {
            members.insert(name, value)
        };
    }
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn every_algorithm_that_is_taken_opens_a_session_and_the_subject_stays_the_person() {
    let scene = Scene::new(Duration::ZERO).await;
    let keys = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA]
        .map(|algorithm| Key::new(&format!("{algorithm:?}"), algorithm));
    scene.issuer.publish(&keys.each_ref());
    let user_id = scene.field.contractor.technicians[0].caller.user_id;
    for key in &keys {
        let token = key.sign(&scene.issuer.claims("person-1", &scene.known().to_uppercase()));
        let session = scene.exchange(&token).await.unwrap();
        assert_eq!(session.user_id, user_id);
        assert_eq!(session.memberships.len(), 1);
        refresh(&scene.server, &session.refresh_token).await.unwrap();
    }
    assert_eq!(scene.issuer.asked(), 1, "keys are kept");
    // The address has gone to somebody else since: the subject decides, and a second subject is not let in by it.
    let other = email(scene.field.contractor.technicians[1].caller);
    let moved = keys[0].sign(&scene.issuer.claims("person-1", &other));
    assert_eq!(scene.exchange(&moved).await.unwrap().user_id, user_id);
    let newcomer = keys[0].sign(&scene.issuer.claims("person-2", &scene.known()));
    assert_eq!(scene.refused(&newcomer).await, (ErrorCode::Unauthorized, "no_user".to_owned()));
    // Several audiences, ours among them.
    let audiences = with(&scene.issuer.claims("person-1", ""), json!({ "aud": ["elsewhere", AUDIENCE] }));
    scene.exchange(&keys[1].sign(&audiences)).await.unwrap();
    // Who is no longer active is nobody.
    sqlx::raw_sql("update satchel.app_user set active = false").execute(&scene.field.contractor.admin).await.unwrap();
    let token = keys[0].sign(&scene.issuer.claims("person-1", &scene.known()));
    assert_eq!(scene.refused(&token).await, (ErrorCode::Unauthorized, "no_user".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_for_us_or_not_now_are_refused() {
    let scene = Scene::new(Duration::ZERO).await;
    let key = Key::new("one", Algorithm::ES256);
    scene.issuer.publish(&[&key]);
    let good = scene.issuer.claims("person", &scene.known());
    let now_s = jiff::Timestamp::now().as_second();
    let invalid = (ErrorCode::Unauthorized, "invalid".to_owned());
    let cases = [
        (json!({ "aud": "elsewhere" }), invalid.clone()),
        (json!({ "aud": null }), invalid.clone()),
        (json!({ "iss": "https://elsewhere.example" }), invalid.clone()),
        (json!({ "iss": null }), invalid.clone()),
        (json!({ "exp": now_s - 60 }), (ErrorCode::Unauthorized, "expired".to_owned())),
        (json!({ "exp": null }), invalid.clone()),
        (json!({ "exp": "soon" }), invalid.clone()),
        (json!({ "nbf": now_s + 120 }), invalid.clone()),
        (json!({ "sub": null }), invalid.clone()),
        (json!({ "sub": "" }), invalid.clone()),
        (json!({ "sub": "x".repeat(300) }), invalid.clone()),
        (json!({ "sub": "a\u{0}b" }), invalid.clone()),
        (json!({ "email_verified": false }), (ErrorCode::Unauthorized, "no_user".to_owned())),
        (json!({ "email_verified": null }), (ErrorCode::Unauthorized, "no_user".to_owned())),
        (json!({ "email": "nobody@nowhere.example" }), (ErrorCode::Unauthorized, "no_user".to_owned())),
        (json!({ "email": "' or 1=1 --" }), (ErrorCode::Unauthorized, "no_user".to_owned())),
        (json!({ "email": 7 }), (ErrorCode::Unauthorized, "no_user".to_owned())),
    ];
    for (change, expected) in cases {
        assert_eq!(scene.refused(&key.sign(&with(&good, change.clone()))).await, expected, "{change}");
    }
    for nonsense in ["", ".", "..", "a.b.c", "\u{1f527}", "eyJhbGciOiJFUzI1NiJ9.e30."] {
        assert_eq!(scene.refused(nonsense).await, invalid, "{nonsense}");
    }
    let long = key.sign(&with(&good, json!({ "filler": "x".repeat(TOKEN_BYTES) })));
    assert_eq!(scene.refused(&long).await.0, ErrorCode::PayloadTooLarge);
    scene.exchange(&key.sign(&good)).await.unwrap();
    // Access tokens of this server are none of the issuer's, and a server without issuers takes none.
    let own = scene.server.token(Uuid::now_v7(), Duration::ZERO);
    assert_eq!(scene.refused(&own).await, invalid);
    let elsewhere = reqwest::Client::new().post(format!("{}/api/v1/auth/exchange", scene.field.server.url()));
    let refusal = answer::<Value>(elsewhere.json(&json!({ "token": key.sign(&good) }))).await.unwrap_err();
    assert_eq!(refusal.why(), (ErrorCode::Unauthorized, Some("invalid")));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_chooses_how_it_is_checked() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let scene = Scene::new(Duration::ZERO).await;
    let (rsa, ec) = (Key::new("rsa", Algorithm::RS256), Key::new("ec", Algorithm::ES256));
    scene.issuer.publish(&[&rsa, &ec]);
    let good = scene.issuer.claims("person", &scene.known());
    let invalid = (ErrorCode::Unauthorized, "invalid".to_owned());
    let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
    for algorithm in ["none", "None", "NONE", "HS256"] {
        let token =
            format!("{}.{}.", encode(json!({ "alg": algorithm, "kid": "rsa" }).to_string()), encode(good.to_string()));
        assert_eq!(scene.refused(&token).await, invalid, "{algorithm}");
    }
    // The public key taken for a shared secret, in the spellings an attacker has.
    let published = serde_json::to_value(&rsa.public).unwrap();
    let modulus = published["n"].as_str().unwrap();
    for secret in
        [modulus.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(modulus).unwrap(), published.to_string().into_bytes()]
    {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let header = Header { kid: Some("rsa".to_owned()), ..Header::new(algorithm) };
            let token = jsonwebtoken::encode(&header, &good, &EncodingKey::from_secret(&secret)).unwrap();
            assert_eq!(scene.refused(&token).await, invalid, "{algorithm:?}");
        }
    }
    // The right name with another's signature, and one key's name under the other's algorithm.
    let imposter = Key::new("ec", Algorithm::ES256);
    assert_eq!(scene.refused(&imposter.sign(&good)).await, invalid);
    let crossed = Header { kid: Some("rsa".to_owned()), ..Header::new(Algorithm::ES256) };
    let token = jsonwebtoken::encode(&crossed, &good, &ec.private).unwrap();
    assert_eq!(scene.refused(&token).await, invalid);
    let other = Header { kid: Some("rsa".to_owned()), ..Header::new(Algorithm::RS512) };
    let token = jsonwebtoken::encode(&other, &good, &rsa.private).unwrap();
    assert_eq!(scene.refused(&token).await, invalid);
    // A claim changed after signing.
    let token = ec.sign(&good);
    let parts: Vec<&str> = token.split('.').collect();
    let changed = encode(with(&good, json!({ "sub": "somebody else" })).to_string());
    assert_eq!(scene.refused(&format!("{}.{changed}.{}", parts[0], parts[2])).await, invalid);
    scene.exchange(&token).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_key_is_found_and_an_unknown_one_does_not_flood_the_issuer() {
    let scene = Scene::new(Duration::ZERO).await;
    let (old, new) = (Key::new("old", Algorithm::EdDSA), Key::new("new", Algorithm::EdDSA));
    scene.issuer.publish(&[&old]);
    let good = scene.issuer.claims("person", &scene.known());
    scene.exchange(&old.sign(&good)).await.unwrap();
    scene.issuer.publish(&[&new]);
    scene.exchange(&new.sign(&good)).await.unwrap();
    assert_eq!(scene.refused(&old.sign(&good)).await.1, "invalid", "withdrawn");

    let patient = Scene::new(Duration::from_secs(3_600)).await;
    patient.issuer.publish(&[&old]);
    let good = patient.issuer.claims("person", &patient.known());
    let unknown: Vec<String> = (0..20).map(|n| Key::new(&format!("kid-{n}"), Algorithm::EdDSA).sign(&good)).collect();
    let tries = futures_util::future::join_all(unknown.iter().map(|token| patient.refused(token))).await;
    assert!(tries.iter().all(|(_, reason)| reason == "invalid"));
    assert_eq!(patient.issuer.asked(), 1);
    patient.exchange(&old.sign(&good)).await.unwrap();
    assert_eq!(patient.issuer.asked(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_publishes_nothing_useful_lets_nobody_in() {
    let scene = Scene::new(Duration::ZERO).await;
    let key = Key::new("one", Algorithm::EdDSA);
    let token = key.sign(&scene.issuer.claims("person", &scene.known()));
    for published in ["", "<html>", "{}", r#"{"keys":[]}"#, r#"{"keys":"many"}"#] {
        *scene.issuer.published.lock().unwrap() = published.to_owned();
        assert_eq!(scene.refused(&token).await, (ErrorCode::Unauthorized, "invalid".to_owned()), "{published}");
    }
    scene.issuer.publish(&[&key]);
    scene.exchange(&token).await.unwrap();

    // Too large to be read, or not there at all.
    let flooded = Scene::new(Duration::ZERO).await;
    *flooded.issuer.published.lock().unwrap() = " ".repeat(300_000);
    let token = key.sign(&flooded.issuer.claims("person", &flooded.known()));
    assert_eq!(flooded.refused(&token).await.0, ErrorCode::ServiceUnavailable);
    flooded.issuer.publish(&[&key]);
    flooded.exchange(&token).await.unwrap();

    // Keys in a file.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let options = IssuerOptions {
        refetch_pause: Duration::ZERO,
        ..IssuerOptions::new("https://issuer.example", AUDIENCE, path.to_str().unwrap().parse().unwrap())
    };
    let database = &scene.field.contractor.database;
    let auth = Auth::with_issuers(database.clone(), Secrets::generate(), Issuers::new(vec![options]));
    let claims = with(&scene.issuer.claims("person", &scene.known()), json!({ "iss": "https://issuer.example" }));
    let token = key.sign(&claims);
    assert_eq!(auth.exchange(&token, None).await.err().unwrap().code(), ErrorCode::ServiceUnavailable);
    std::fs::write(&path, json!({ "keys": [&key.public] }).to_string()).unwrap();
    auth.exchange(&token, None).await.unwrap();
}
