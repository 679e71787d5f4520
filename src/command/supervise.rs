//! `fixguard supervise`, which only fixguard types: the inner side of one run.

use crate::error::Error;

#[cfg(unix)]
pub(super) fn run() -> Result<u8, Error> {
    use crate::exec;
    use crate::profile::Meter;
    use crate::trace::{Patterns, Trace};

    // The outer side has compiled the patterns before; an order without any is one for a build.
    exec::serve(|spec| {
        let patterns: Patterns = serde_json::from_str(&spec.observing).unwrap_or_default();
        let trace = Trace::new(&patterns).or_else(|_| Trace::new(&Patterns::default()))?;
        Ok(watch::Watch { trace, meter: patterns.timings.then(Meter::default) })
    })?;
    Ok(0)
}

/// All that looks at an output.
#[cfg(unix)]
mod watch {
    use crate::exec::Observe;
    use crate::profile::Meter;
    use crate::trace::Trace;

    pub(super) struct Watch {
        pub(super) trace: Trace,
        pub(super) meter: Option<Meter>,
    }

    impl Observe for Watch {
        fn see(&mut self, bytes: &[u8], us: u64) {
            self.trace.read(bytes);
            if let Some(meter) = &mut self.meter {
                meter.read(bytes, us);
            }
        }
        fn tell(self) -> String {
            let told = serde_json::to_value(self.trace.finish()).and_then(|mut told| {
                if let (Some(told), Some(meter)) = (told.as_object_mut(), self.meter) {
                    told.insert(super::super::MARKERS.to_owned(), serde_json::to_value(meter.finish())?);
                }
                serde_json::to_string(&told)
            });
            told.unwrap_or_default()
        }
    }
}

#[cfg(not(unix))]
pub(super) fn run() -> Result<u8, Error> {
    use crate::error::Kind;
    Err(Error::new(Kind::Undecided, "runs need a Unix system"))
}
