//! `fixguard supervise`, which only fixguard types: the inner side of one run.

use crate::error::Error;

#[cfg(unix)]
pub(super) fn run() -> Result<u8, Error> {
    use crate::exec;
    use crate::trace::{Patterns, Trace};

    // The outer side has compiled the patterns before; an order without any is one for a build.
    exec::serve(|spec| {
        let patterns: Patterns = serde_json::from_str(&spec.observing).unwrap_or_default();
        Trace::new(&patterns).or_else(|_| Trace::new(&Patterns::default()))
    })?;
    Ok(0)
}

#[cfg(not(unix))]
pub(super) fn run() -> Result<u8, Error> {
    use crate::error::Kind;
    Err(Error::new(Kind::Undecided, "runs need a Unix system"))
}
