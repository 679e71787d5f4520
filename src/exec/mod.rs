//! The only door to processes. A command of the project runs below a supervisor, a process of this program's own for
//! that one run, so that nothing it starts outlives it, whatever becomes of either side. What the run means is not
//! decided here.

mod capture;
mod editor;
#[cfg(unix)]
mod output;
mod parent;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod supervise;
pub mod tool;
#[cfg(unix)]
mod tree;
mod wire;

pub use self::capture::unpacked;
pub use self::editor::edit;
pub use self::parent::{Interrupts, Supervised, run};
#[cfg(unix)]
pub use self::supervise::serve;
pub use self::wire::{Ending, Observe, Outcome, Spec, Watching};
