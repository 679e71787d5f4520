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
