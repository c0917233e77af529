//! Who can sign in: taken from what the server's seed printed.

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
    /// The technician's branch, if the person is one.
    pub branch_id: Option<Uuid>,
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
            branch_id: None,
        })
    }

    /// What friends say.
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }
}

/// One contractor's people.
#[derive(Clone)]
pub struct People {
    /// The organization.
    pub org_id: Uuid,
    /// What it is called.
    pub org_name: String,
    /// Who plans the day.
    pub dispatcher: Person,
    /// Who does the work, in the seed's order.
    pub technicians: Vec<Person>,
}

impl People {
    /// Reads what `satchel-server seed --json` printed: the people of its first organization.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read(seeded: &Value) -> anyhow::Result<Self> {
        let organization = &seeded["organizations"][0];
        let users = organization["users"].as_array().context("the seed made no users")?;
        let with_role = |role: &str| {
            users.iter().find(|user| user["roles"].as_array().is_some_and(|roles| roles.contains(&role.into())))
        };
        let person_of = |technician: &Value| {
            let user = users.iter().find(|user| user["technician_id"] == technician["technician_id"]);
            let person = Person::read(user.context("a technician without a user")?)?;
            let branch_id = technician["branch_id"].as_str().context("a technician without a branch")?.parse()?;
            anyhow::Ok(Person { branch_id: Some(branch_id), ..person })
        };
        let technicians = organization["technicians"].as_array().context("the seed made no technicians")?;
        Ok(Self {
            org_id: organization["org_id"].as_str().context("no organization")?.parse()?,
            org_name: organization["name"].as_str().context("no name")?.to_owned(),
            dispatcher: Person::read(with_role("dispatcher").context("the seed made no dispatcher")?)?,
            technicians: technicians.iter().map(person_of).collect::<anyhow::Result<_>>()?,
        })
    }
}
