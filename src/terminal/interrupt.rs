//! Ctrl-C, for work that keeps what it has done: it is noticed between two steps instead of ending the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Kind};

/// Whether somebody wants the work to end. Shared by threads.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From now on Ctrl-C only raises this flag. May be called once in a process.
    pub fn listen() -> Result<Self, Error> {
        let interrupt = Self::default();
        let raised = interrupt.clone();
        ctrlc::set_handler(move || raised.raise())
            .map_err(|cause| Error::new(Kind::Internal, "Ctrl-C cannot be listened to").because(cause))?;
        Ok(interrupt)
    }
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
