//! Who plays: taken from what the server's seed printed.

use anyhow::Context as _;
use serde_json::Value;
use uuid::Uuid;

/// Somebody who can sign in.
#[derive(Clone)]
pub struct Person {
    /// The person's name.
    pub name: String,
    /// Signs in with this address,
    pub email: String,
    /// and this password.
    pub password: String,
    /// The user.
    pub user_id: Uuid,
    /// The technician, if the person is one.
    pub technician_id: Option<Uuid>,
}

impl Person {
    fn read(user: &Value) -> anyhow::Result<Self> {
        let text = |field: &str| user[field].as_str().map(str::to_owned).with_context(|| format!("no {field}"));
        Ok(Self {
            name: text("name")?,
            email: text("email")?,
            password: text("password")?,
            user_id: text("user_id")?.parse()?,
            technician_id: user["technician_id"].as_str().map(str::parse).transpose()?,
        })
    }

    /// What friends say.
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }
}

/// The contractor's people.
pub struct Cast {
    /// The organization.
    pub org_id: Uuid,
    /// What it is called.
    pub org_name: String,
    /// Who plans the day.
    pub dispatcher: Person,
    /// Who does the work; two of the same branch.
    pub technicians: [Person; 2],
}

impl Cast {
    /// Reads `satchel-server seed --json`.
    pub fn read(seeded: &Value) -> anyhow::Result<Self> {
        let organization = &seeded["organizations"][0];
        let users = organization["users"].as_array().context("the seed made no users")?;
        let with_role = |role: &str| {
            users.iter().find(|user| user["roles"].as_array().is_some_and(|roles| roles.contains(&role.into())))
        };
        let person_of = |technician: &Value| {
            let user = users.iter().find(|user| user["technician_id"] == technician["technician_id"]);
            Person::read(user.context("a technician without a user")?)
        };
        let technicians = organization["technicians"].as_array().context("the seed made no technicians")?;
        let first = technicians.first().context("the seed made no technician")?;
        let second = technicians.iter().skip(1).find(|other| other["branch_id"] == first["branch_id"]);
        Ok(Self {
            org_id: organization["org_id"].as_str().context("no organization")?.parse()?,
            org_name: organization["name"].as_str().context("no name")?.to_owned(),
            dispatcher: Person::read(with_role("dispatcher").context("the seed made no dispatcher")?)?,
            technicians: [person_of(first)?, person_of(second.context("no second technician in that branch")?)?],
        })
    }
}
