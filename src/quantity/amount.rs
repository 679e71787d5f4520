//! An amount: what an expression comes to, and how it is written for people. It reads no source.

/// What an expression amounts to.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// A number of seconds.
    Seconds(f64),
    /// A number whose unit is not written.
    Bare(f64),
    /// No limit: `None`, `inf`, `max()`.
    Unlimited,
    /// A reading of a clock: the origin of a deadline.
    Origin,
    /// A constant times something that says it is a limit itself: `timeout * 10`.
    Scaled { symbol: String, factor: f64 },
    /// Depends on something that is not constant.
    Computed,
}

impl Amount {
    pub const fn is_constant(&self) -> bool {
        matches!(self, Self::Seconds(_) | Self::Bare(_) | Self::Unlimited)
    }
    /// The number, in seconds or bare.
    pub const fn number(&self) -> Option<f64> {
        match self {
            Self::Seconds(n) | Self::Bare(n) => Some(*n),
            _ => None,
        }
    }
    /// Reads a bare number in a unit of that many seconds.
    #[must_use]
    pub fn in_unit(self, seconds: f64) -> Self {
        match self {
            Self::Bare(n) => Self::Seconds(n * seconds),
            other => other,
        }
    }
}

/// Writes an amount for people: `250 ms`, `30 s`, `5 min`, `3`.
pub fn show(amount: &Amount) -> String {
    match amount {
        Amount::Seconds(s) => show_seconds(*s),
        Amount::Bare(n) => trim(*n),
        Amount::Unlimited => "no limit".to_owned(),
        Amount::Scaled { symbol, factor } if *factor == 1.0 => symbol.clone(),
        Amount::Scaled { symbol, factor } => format!("{} × {symbol}", trim(*factor)),
        Amount::Origin | Amount::Computed => "a computed amount".to_owned(),
    }
}

fn show_seconds(seconds: f64) -> String {
    let (value, unit) = match seconds.abs() {
        0.0 => (0.0, "s"),
        s if s < 1e-6 => (seconds * 1e9, "ns"),
        s if s < 1e-3 => (seconds * 1e6, "µs"),
        s if s < 1.0 => (seconds * 1e3, "ms"),
        s if s >= 86_400.0 && (s % 3600.0) == 0.0 => (seconds / 3600.0, "h"),
        s if s > 120.0 && (s % 60.0) == 0.0 => (seconds / 60.0, "min"),
        _ => (seconds, "s"),
    };
    format!("{} {unit}", trim(value))
}

fn trim(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Amount, show};

    #[test]
    fn amounts_read_well() {
        let shown: Vec<String> =
            [0.25, 30.0, 300.0, 1e-5, 900.0, 90.0].map(|s| show(&Amount::Seconds(s))).into();
        assert_eq!(shown, ["250 ms", "30 s", "5 min", "10 µs", "15 min", "90 s"]);
    }
}
