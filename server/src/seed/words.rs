//! What a believable contractor is made of. All people, companies and telephone numbers are made up; the numbers lie
//! in the range 555-0100 to 555-0199 kept for fiction, the e-mail addresses under `.example`.

/// A contractor.
pub(super) struct Contractor {
    pub(super) name: &'static str,
    /// For e-mail addresses.
    pub(super) slug: &'static str,
    pub(super) branches: [Place; 2],
}

/// A town that a branch serves.
pub(super) struct Place {
    pub(super) town: &'static str,
    pub(super) state: &'static str,
    /// Two of its postal codes, each a territory.
    pub(super) postcodes: [&'static str; 2],
    pub(super) zone: &'static str,
    /// Its middle, in millionths of a degree north.
    pub(super) latitude_e6: i64,
    /// Its middle, in millionths of a degree east.
    pub(super) longitude_e6: i64,
}

const fn place(
    town: &'static str,
    state: &'static str,
    postcodes: [&'static str; 2],
    zone: &'static str,
    latitude_e6: i64,
    longitude_e6: i64,
) -> Place {
    Place { town, state, postcodes, zone, latitude_e6, longitude_e6 }
}

const PACIFIC: &str = "America/Los_Angeles";
const MOUNTAIN: &str = "America/Denver";
const CENTRAL: &str = "America/Chicago";

pub(super) const CONTRACTORS: &[Contractor] = &[
    Contractor {
        name: "Golden Gate Heating & Plumbing",
        slug: "goldengate",
        branches: [
            place("San Francisco", "CA", ["94110", "94114"], PACIFIC, 37_757_000, -122_436_000),
            place("Oakland", "CA", ["94609", "94611"], PACIFIC, 37_824_000, -122_262_000),
        ],
    },
    Contractor {
        name: "Front Range Mechanical",
        slug: "frontrange",
        branches: [
            place("Denver", "CO", ["80205", "80209"], MOUNTAIN, 39_752_000, -104_968_000),
            place("Boulder", "CO", ["80302", "80304"], MOUNTAIN, 40_018_000, -105_278_000),
        ],
    },
    Contractor {
        name: "Lakeshore Home Services",
        slug: "lakeshore",
        branches: [
            place("Chicago", "IL", ["60614", "60618"], CENTRAL, 41_922_000, -87_652_000),
            place("Evanston", "IL", ["60201", "60202"], CENTRAL, 42_045_000, -87_692_000),
        ],
    },
    Contractor {
        name: "Cascade Comfort",
        slug: "cascade",
        branches: [
            place("Portland", "OR", ["97214", "97206"], PACIFIC, 45_514_000, -122_643_000),
            place("Vancouver", "WA", ["98661", "98663"], PACIFIC, 45_641_000, -122_625_000),
        ],
    },
];

pub(super) const GIVEN_NAMES: &[&str] = &[
    "Ana", "Ben", "Carla", "Daniel", "Elena", "Frank", "Grace", "Hugo", "Irene", "James", "Keiko", "Luis", "Maria",
    "Nadia", "Omar", "Priya", "Quinn", "Rosa", "Samuel", "Tara", "Umar", "Vera", "Walter", "Ximena", "Yusuf", "Zoe",
    "Aaron", "Bianca", "Caleb", "Dolores", "Emmet", "Farah", "Gloria", "Hector", "Ines", "Jonah",
];

pub(super) const FAMILY_NAMES: &[&str] = &[
    "Alvarez", "Becker", "Castillo", "Dang", "Esposito", "Fischer", "Gupta", "Haddad", "Ivanov", "Jensen", "Kim",
    "Lopez", "Murphy", "Nguyen", "Okafor", "Park", "Quiroga", "Reyes", "Silva", "Tanaka", "Ueda", "Vargas", "Weber",
    "Xu", "Young", "Zapata", "Abbott", "Brandt", "Chavez", "Doyle", "Eriksen", "Flores", "Greene", "Holloway",
];

pub(super) const COMPANIES: &[&str] = &[
    "Harbor View Apartments",
    "Cedar Street Dental",
    "Blue Door Bakery",
    "Northside Veterinary Clinic",
    "Twin Peaks Property Management",
    "St. Brendan School",
    "Mission Laundry",
    "Sunset Senior Living",
    "Corner Hardware",
    "Lighthouse Church",
    "Fernwood Elementary",
    "Alder & Pine Books",
    "Two Rivers Brewing",
    "Orchard Day Care",
    "Hillcrest Condominiums",
    "Riverside Auto Body",
];

pub(super) const STREETS: &[&str] = &[
    "Alder St",
    "Birch Ave",
    "Cedar St",
    "Dolores Ter",
    "Elm St",
    "Franklin Ave",
    "Grove St",
    "Highland Ave",
    "Iris Ct",
    "Juniper Way",
    "Kingsley Rd",
    "Laurel St",
    "Madison Ave",
    "Noe Pl",
    "Orchard Rd",
    "Page Ln",
    "Quarry Rd",
    "Ridge Rd",
    "Sanchez St",
    "Taylor Ave",
    "Union St",
    "Valley Dr",
    "Willow Way",
    "York St",
];

pub(super) const ACCESS_NOTES: &[&str] = &[
    "Gate code 4471, close it behind you: dog.",
    "Side door by the bins; the bell does not work.",
    "Ask at the front desk for the basement key.",
    "Meter and shut-off are behind the water heater.",
    "No signal in the basement. Park on the street.",
    "Call ten minutes ahead, tenant works nights.",
];

pub(super) const MAKERS: &[&str] = &["Carrow", "Lenham", "Treyne", "Boschke", "Rinnavo", "Goodwell", "Honeyfield"];

pub(super) const CANCEL_REASONS: &[&str] =
    &["Customer found another date.", "Customer fixed it.", "Booked twice by mistake."];

pub(super) const OBSTACLES: &[&str] =
    &["Nobody at home, waited 20 minutes.", "Part not on the truck: ordered.", "No access to the roof: ladder locked."];

pub(super) const WORK_DONE: &[&str] = &[
    "Found and fixed the fault, tested for 15 minutes.",
    "Replaced the worn part, cleaned up, showed the customer.",
    "Cleaned, measured, within the maker's limits.",
    "Tightened connections and reset; no more alarms.",
];
