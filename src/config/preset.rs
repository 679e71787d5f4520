//! The shipped policies, as files of the repository with the same keys as `fixguard.toml`. No logic beyond finding
//! one by name.

static PRESETS: &[(&str, &str)] = &[
    ("strict-fix", include_str!("../../presets/strict-fix.toml")),
    ("review", include_str!("../../presets/review.toml")),
    ("tt-metal", include_str!("../../presets/tt-metal.toml")),
];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}

/// The preset's own name and text.
pub(super) fn find(name: &str) -> Option<(&'static str, &'static str)> {
    PRESETS.iter().copied().find(|(known, _)| *known == name)
}

#[cfg(test)]
mod tests {
    use super::{find, names};
    use crate::config::Config;
    use crate::rule;

    /// What the policy asks of the presets, rule by rule. A preset can only name rules that exist, so this list
    /// speaks up when one of them arrives and its preset does not know it yet.
    const WANTED: &[(&str, &str, &str)] = &[
        ("strict-fix", "test-file", "severity = \"error\""),
        ("strict-fix", "sweeping-change", "files = 10"),
        ("strict-fix", "sweeping-change", "lines = 400"),
        ("strict-fix", "branch-name", "severity = \"error\""),
        ("strict-fix", "unconditional-tuning", "severity = \"error\""),
        ("tt-metal", "unconditional-tuning", "severity = \"error\""),
        ("tt-metal", "test-file", "severity = \"error\""),
        ("tt-metal", "branch-name", "severity = \"error\""),
        ("tt-metal", "out-of-time", "severity = \"error\""),
        ("review", "test-file", "severity = \"off\""),
    ];

    #[test]
    fn presets_are_valid() {
        for name in names() {
            if let Err(error) = Config::preset(name) {
                panic!("{name}: {} ({:?})", error.message, error.hints);
            }
        }
    }

    #[test]
    fn presets_say_what_the_policy_asks() {
        for (preset, id, line) in WANTED {
            let (_, text) = find(preset).unwrap();
            let table = text.split_once(&format!("[rules.{id}]\n")).map_or("", |(_, table)| table);
            let table = table.split("\n[").next().unwrap_or_default();
            let said = table.lines().any(|own| own == *line);
            assert_eq!(said, rule::find(id).is_some(), "presets/{preset}.toml: [rules.{id}] {line}");
        }
    }

    #[test]
    fn an_unknown_preset_names_the_nearest() {
        let error = Config::preset("strict").unwrap_err();
        assert_eq!(error.hints, ["did you mean `strict-fix`?"]);
    }
}
