//! Which column of a file means what.

use clap::{Args, ValueEnum};
use csv::ByteRecord;

use super::ImportError;

/// A known file layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// Cases of San Francisco's 311 service.
    Sf311,
}

/// The columns by their names in the header. What stands here wins over the preset.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Columns")]
pub struct Mapping {
    /// A known file layout; the flags below change parts of it
    #[arg(long, value_enum)]
    pub preset: Option<Preset>,
    /// The job's number, by which a second import knows it again
    #[arg(long, value_name = "COLUMN")]
    pub number: Option<String>,
    /// When the job was asked for
    #[arg(long, value_name = "COLUMN")]
    pub opened: Option<String>,
    /// When it was done
    #[arg(long, value_name = "COLUMN")]
    pub closed: Option<String>,
    /// Where it stands
    #[arg(long, value_name = "COLUMN")]
    pub status: Option<String>,
    /// What it is about, in a line; given several times, the columns are joined
    #[arg(long, value_name = "COLUMN")]
    pub title: Vec<String>,
    /// All that is known; given several times, the columns become paragraphs
    #[arg(long, value_name = "COLUMN")]
    pub description: Vec<String>,
    /// Where it is
    #[arg(long, value_name = "COLUMN")]
    pub address: Option<String>,
    /// Degrees north
    #[arg(long, value_name = "COLUMN")]
    pub latitude: Option<String>,
    /// Degrees east
    #[arg(long, value_name = "COLUMN")]
    pub longitude: Option<String>,
    /// Who it is for; equal names are one customer
    #[arg(long, value_name = "COLUMN")]
    pub customer: Option<String>,
    /// The customer of rows that name none
    #[arg(long, value_name = "NAME")]
    pub customer_name: Option<String>,
    /// A status that means done; may be given several times [default: Closed, Completed, Done]
    #[arg(long, value_name = "STATUS")]
    pub closed_value: Vec<String>,
    /// An address that means there is none; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub no_address_value: Vec<String>,
}

/// The name given to customers when the file has no column for them.
const UNNAMED_CUSTOMER: &str = "Imported";

/// A column: its name and place.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) position: usize,
}

/// A [`Mapping`] found in the header of a file.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    pub(super) number: Column,
    pub(super) opened: Column,
    pub(super) closed: Option<Column>,
    pub(super) status: Option<Column>,
    pub(super) title: Vec<Column>,
    pub(super) description: Vec<Column>,
    pub(super) address: Column,
    pub(super) latitude: Option<Column>,
    pub(super) longitude: Option<Column>,
    pub(super) customer: Option<Column>,
    pub(super) customer_name: String,
    pub(super) closed_values: Vec<String>,
    pub(super) no_address_values: Vec<String>,
}

impl Preset {
    fn mapping(self) -> Mapping {
        let column = |name: &str| Some(name.to_owned());
        match self {
            Self::Sf311 => Mapping {
                preset: None,
                number: column("unique_key"),
                opened: column("created_date"),
                closed: column("closed_date"),
                status: column("status"),
                title: vec!["complaint_type".to_owned(), "descriptor".to_owned()],
                description: vec!["status_notes".to_owned()],
                address: column("incident_address"),
                latitude: column("latitude"),
                longitude: column("longitude"),
                customer: column("category"),
                customer_name: None,
                closed_value: vec!["Closed".to_owned()],
                no_address_value: vec!["Not associated with a specific address".to_owned()],
            },
        }
    }
}

impl Mapping {
    /// Finds the columns in a header.
    pub(super) fn find(self, header: &ByteRecord) -> Result<Columns, ImportError> {
        let preset = self.preset.map(Preset::mapping).unwrap_or_default();
        let names: Vec<String> = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_matches(['\u{feff}', ' ']).to_owned())
            .collect();
        let locate = |name: String| match names.iter().position(|known| *known == name) {
            Some(position) => Ok(Column { name, position }),
            None => Err(ImportError::NoSuchColumn { column: name, columns: names.clone() }),
        };
        let optional = |name: Option<String>| name.map(locate).transpose();
        let required = |flag: &'static str, name: Option<String>| {
            locate(name.ok_or_else(|| ImportError::Unmapped { flag, columns: names.clone() })?)
        };
        let several = |mine: Vec<String>, preset: Vec<String>| {
            if mine.is_empty() { preset } else { mine }.into_iter().map(locate).collect::<Result<Vec<Column>, _>>()
        };
        let values = |mine: Vec<String>, preset: Vec<String>, default: &[&str]| match (mine, preset) {
            (mine, preset) if mine.is_empty() && preset.is_empty() => default.iter().map(ToString::to_string).collect(),
            (mine, preset) if mine.is_empty() => preset,
            (mine, _) => mine,
        };
        let title = several(self.title, preset.title)?;
        if title.is_empty() {
            return Err(ImportError::Unmapped { flag: "--title", columns: names });
        }
        Ok(Columns {
            number: required("--number", self.number.or(preset.number))?,
            opened: required("--opened", self.opened.or(preset.opened))?,
            closed: optional(self.closed.or(preset.closed))?,
            status: optional(self.status.or(preset.status))?,
            title,
            description: several(self.description, preset.description)?,
            address: required("--address", self.address.or(preset.address))?,
            latitude: optional(self.latitude.or(preset.latitude))?,
            longitude: optional(self.longitude.or(preset.longitude))?,
            customer: optional(self.customer.or(preset.customer))?,
            customer_name: self.customer_name.or(preset.customer_name).unwrap_or_else(|| UNNAMED_CUSTOMER.to_owned()),
            closed_values: values(self.closed_value, preset.closed_value, &["Closed", "Completed", "Done"]),
            no_address_values: values(self.no_address_value, preset.no_address_value, &[]),
            names,
        })
    }
}
