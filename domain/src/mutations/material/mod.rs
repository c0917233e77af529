//! Materials: `material/v1/...`.

mod add;
mod correct;

pub use add::{AddMaterial, MaterialAdded};
pub use correct::{CorrectMaterial, MaterialCorrected};
