//! The names of branches: which pattern fits which name. It knows no repository.

/// Whether one of the patterns, in which `*` stands for anything, slashes included, fits a branch's name.
pub fn fits(patterns: &[String], branch: &str) -> bool {
    patterns.iter().any(|pattern| fits_one(pattern, branch))
}

fn fits_one(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(head) else { return false };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::fits_one;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name) in [
            ("fix/*", "fix/a/b"),
            ("*", "main"),
            ("*/fix-*", "ada/fix-12"),
            ("a*b*c", "a-b-b-c"),
            ("fix", "fix"),
            ("*fix*", "a-fix"),
        ] {
            assert!(fits_one(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("fix/*", "bugfix/a"),
            ("fix", "fix/a"),
            ("*/fix-*", "fix-12"),
            ("a*b*c", "a-c"),
            ("ab*ba", "aba"),
        ] {
            assert!(!fits_one(pattern, name), "{pattern} {name}");
        }
    }
}
