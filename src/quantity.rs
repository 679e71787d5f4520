//! Durations and counts: folds constant expressions to one unit and compares them. Pure arithmetic over facts; it
//! knows how an amount is written in each language, not what a rule makes of it.

mod amount;
mod arithmetic;
mod comparison;
mod definition;
mod fold;
mod literal;
mod unit;

pub use self::amount::{Amount, show};
pub use self::comparison::{Comparison, compare};
pub use self::fold::{Folder, Shared};
pub use self::literal::{number, text};
pub use self::unit::unit_of;
