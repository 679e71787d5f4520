//! The units of time: how many seconds a suffix, a name, a type or a constructor stands for.

use crate::words::{last_segment, words};

/// Seconds in a unit, by the suffix or word that stands right behind a number.
pub(super) fn unit_of_suffix(suffix: &str) -> Option<f64> {
    Some(match suffix {
        "ns" | "nanosecond" | "nanoseconds" => 1e-9,
        "us" | "µs" | "microsecond" | "microseconds" => 1e-6,
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1e-3,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hour" | "hours" => 3600.0,
        "d" | "day" | "days" => 86_400.0,
        _ => return None,
    })
}

/// Seconds in the unit that a name or type says: `timeout_ms`, `std::chrono::milliseconds`, `kWaitSeconds`.
pub fn unit_of(name: &str) -> Option<f64> {
    words(name).iter().rev().find_map(|word| match word.as_str() {
        "m" | "d" | "h" => None,
        "millis" => Some(1e-3),
        "micros" | "usec" | "usecs" => Some(1e-6),
        "nanos" | "nsec" => Some(1e-9),
        word => unit_of_suffix(word),
    })
}

/// Seconds in one step of a duration's constructor: `std::chrono::seconds(…)`, `absl::Seconds(…)`, `Duration::from_secs(…)`.
pub(super) fn constructor_unit(name: &str) -> Option<f64> {
    Some(match last_segment(name) {
        "nanoseconds" | "Nanoseconds" | "FromNanoseconds" | "from_nanos" => 1e-9,
        "microseconds" | "Microseconds" | "FromMicroseconds" | "from_micros" => 1e-6,
        "milliseconds" | "Milliseconds" | "FromMilliseconds" | "from_millis" => 1e-3,
        "seconds" | "Seconds" | "FromSeconds" | "from_secs" | "from_secs_f64" | "from_secs_f32" => 1.0,
        "minutes" | "Minutes" | "FromMinutes" | "from_mins" => 60.0,
        "hours" | "Hours" | "FromHours" | "from_hours" => 3600.0,
        "days" | "Hours24" => 86_400.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::unit_of;

    #[test]
    fn units_are_read_off_names() {
        assert_eq!(unit_of("read_timeout_ms"), Some(1e-3));
        assert_eq!(unit_of("std::chrono::milliseconds"), Some(1e-3));
        assert_eq!(unit_of("kTimeoutSeconds"), Some(1.0));
        assert_eq!(unit_of("timeout"), None);
    }
}
