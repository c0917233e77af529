//! Stock.

mod levels;

pub use levels::{LevelView, StockLevels, StockPage};
