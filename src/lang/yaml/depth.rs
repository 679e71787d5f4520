//! How deep a text may be nested. The scanner of the grammar keeps its levels in a buffer of fixed size and writes beyond
//! it, so what comes near to that is refused before it is parsed.

/// Columns at which blocks may begin, one within the other. A column can begin a mapping and a sequence; the scanner has
/// room for 253 levels.
const MAX_COLUMNS: usize = 120;

/// True for a text in which blocks may be nested deeper than the scanner can bear. Only ever too careful: what stands in
/// texts of several lines counts as well.
pub(super) fn is_too_deep(text: &str) -> bool {
    let mut open: Vec<usize> = Vec::new();
    for line in text.lines() {
        let body = line.trim_start_matches([' ', '\t']);
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let mut column = line.len() - body.len();
        open.truncate(open.partition_point(|&above| above < column));
        open.push(column);
        let mut rest = body;
        while let Some(inner) = rest.strip_prefix("- ").or_else(|| rest.strip_prefix("? ")) {
            rest = inner.trim_start_matches([' ', '\t']);
            column = line.len() - rest.len();
            open.push(column);
            if open.len() > MAX_COLUMNS {
                return true;
            }
        }
        if open.len() > MAX_COLUMNS {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::super::{Budget, parse};
    use super::MAX_COLUMNS;
    use crate::lang::Unread;

    fn read(text: &str) -> Result<usize, Unread> {
        let budget = Budget { steps: 1_000_000, clock: Duration::from_secs(60) };
        parse(&Arc::from(text), budget).map(|parsed| parsed.facts.len())
    }

    #[test]
    fn what_the_scanner_cannot_bear_is_refused() {
        let mappings = |levels: usize| (0..levels).map(|at| format!("{}a:\n", " ".repeat(at))).collect();
        let both =
            |levels: usize| (0..levels).map(|at| format!("{0}a:\n{0}- b:\n", " ".repeat(2 * at))).collect();
        let shapes: [&dyn Fn(usize) -> String; 4] =
            [&mappings, &both, &|levels| "- ".repeat(levels), &|levels| format!("{}\n", "? ".repeat(levels))];
        for shape in shapes {
            assert!(read(&shape(MAX_COLUMNS / 2)).is_ok());
            for levels in [MAX_COLUMNS, 260, 2_000] {
                assert!(!matches!(read(&shape(levels)), Ok(0)));
            }
            assert!(matches!(read(&shape(2_000)), Err(Unread::Unparsable { .. })));
        }
    }
}
