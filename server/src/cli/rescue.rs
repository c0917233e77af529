//! `satchel-server rescue`.

use std::{collections::BTreeMap, fs, io::Read as _, path::PathBuf};

use clap::{Args, Subcommand};
use satchel_protocol::wire::Outcome;
use satchel_rescue::{BUNDLE_BYTES, Bundle, ExposeSecret as _, Key, SecretString, new_identity, open};
use serde_json::json;

use super::{Failure, output, place::Service};
use crate::{
    config::DataArgs,
    database::{Caller, Database, PoolLimits},
    feed::{Hub, HubSettings},
    policy::Policy,
    push::{Pusher, rescued},
};

#[derive(Subcommand)]
pub(super) enum Rescue {
    /// Makes the office's key pair: phones seal with the public one, which is printed
    NewKey(NewKeyArgs),
    /// Tells whose work a bundle holds, and how much of it; no contents
    Show(ShowArgs),
    /// Executes what a bundle holds, as its author; what was already received is not applied again
    Import(ImportArgs),
}

#[derive(Args)]
pub(super) struct NewKeyArgs {
    /// Where the secret key goes; the file must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    sealed: Sealed,
}

#[derive(Args)]
#[command(after_help = "\
Prints one line of JSON: how many mutations were accepted (now or before), and each that was not with its reason.
Exit codes: 0 all accepted, 1 failed or some were not accepted, 2 wrong usage.")]
pub(super) struct ImportArgs {
    #[command(flatten)]
    sealed: Sealed,
    #[command(flatten)]
    data: DataArgs,
}

/// A bundle and what opens it.
#[derive(Args)]
#[group(required = true, multiple = true)]
struct Sealed {
    /// The bundle a phone exported
    file: PathBuf,
    /// A file with the passphrase it was sealed with
    #[arg(long, value_name = "FILE", conflicts_with = "key_file", required_unless_present = "key_file")]
    passphrase_file: Option<PathBuf>,
    /// The file with the office's secret key
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl Sealed {
    fn open(&self) -> Result<Bundle, Failure> {
        let key = match (&self.passphrase_file, &self.key_file) {
            (Some(path), _) => Key::Passphrase(secret(path)?),
            (None, Some(path)) => Key::Identity(secret(path)?),
            (None, None) => return Err(Failure::new("give --passphrase-file or --key-file")),
        };
        let sealed = read(&self.file, BUNDLE_BYTES * 2)?;
        open(&sealed, &key).map_err(|error| Failure::with_cause(&self.file.display().to_string(), &error))
    }
}

/// Bytes of a file with a passphrase or key.
const SECRET_BYTES: usize = 4_096;

fn secret(path: &PathBuf) -> Result<SecretString, Failure> {
    let text = String::from_utf8(read(path, SECRET_BYTES)?)
        .map_err(|_| Failure::new(format!("{} is not text", path.display())))?;
    Ok(SecretString::from(text.trim_end_matches(['\n', '\r']).to_owned()))
}

fn read(path: &PathBuf, limit_bytes: usize) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| Failure::with_cause(&format!("cannot read {}", path.display()), &error);
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(unreadable)?;
    file.take(limit_bytes as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > limit_bytes {
        return Err(Failure::new(format!("{} has more than {limit_bytes} bytes", path.display())));
    }
    Ok(bytes)
}

pub(super) async fn run(command: Rescue) -> Result<(), Failure> {
    match command {
        Rescue::NewKey(args) => new_key(&args),
        Rescue::Show(args) => output::json(&summary(&args.sealed.open()?)),
        Rescue::Import(args) => import(args).await,
    }
}

fn new_key(args: &NewKeyArgs) -> Result<(), Failure> {
    let unwritable =
        |error: std::io::Error| Failure::with_cause(&format!("cannot write {}", args.out.display()), &error);
    let (secret, public) = new_identity();
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&args.out).map_err(unwritable)?;
    std::io::Write::write_all(&mut file, format!("{}\n", secret.expose_secret()).as_bytes()).map_err(unwritable)?;
    file.sync_all().map_err(unwritable)?;
    output::json(&json!({ "public_key": public }))
}

fn summary(bundle: &Bundle) -> serde_json::Value {
    let mut by_name = BTreeMap::<&str, usize>::new();
    for mutation in &bundle.mutations {
        *by_name.entry(&mutation.name).or_default() += 1;
    }
    json!({
        "org_id": bundle.org_id,
        "user_id": bundle.user_id,
        "device_id": bundle.device_id,
        "made_at": bundle.made_at,
        "mutations": bundle.mutations.len(),
        "by_name": by_name,
    })
}

async fn import(args: ImportArgs) -> Result<(), Failure> {
    let bundle = args.sealed.open()?;
    let policy = Policy::load(&satchel_domain::REGISTRY)?;
    let service = Service::open(&args.data).await?;
    let database = Database::connect(service.options.clone(), PoolLimits::default()).await?;
    database.ready().await?;
    // Phones learn of it by the poll of the servers that they are connected to.
    let hub = Hub::start(database.clone(), HubSettings::default());
    let pusher = Pusher::new(database.clone(), hub, &satchel_domain::REGISTRY, policy);
    let author = Caller::trusted(bundle.org_id, bundle.user_id);
    let names: Vec<_> = bundle.mutations.iter().map(|mutation| mutation.name.clone()).collect();
    let bar = super::import::progress_bar();
    bar.set_length(names.len() as u64);
    let executed = rescued(&pusher, &author, bundle.mutations, |done| bar.set_position(done as u64)).await;
    bar.finish_and_clear();
    database.close().await;
    let verdicts = executed.map_err(|error| Failure::with_cause("the bundle was not taken in", &error))?;
    let mut not_accepted = Vec::new();
    for (verdict, name) in verdicts.iter().zip(names) {
        let why = match &verdict.outcome {
            Outcome::Accepted { .. } | Outcome::Expired => continue,
            Outcome::Rejected(rejection) => json!({ "reason": rejection.reason, "message": rejection.message }),
            Outcome::Quarantined { .. } => json!({ "reason": "mutation.quarantined" }),
        };
        not_accepted.push(json!({ "key": verdict.key, "name": name, "why": why }));
    }
    let refused = not_accepted.len();
    output::json(&json!({ "accepted": verdicts.len() - refused, "not_accepted": not_accepted }))?;
    match refused {
        0 => Ok(()),
        _ => Err(Failure::new(format!("{refused} of {} were not accepted: the list tells why", verdicts.len()))),
    }
}
