//! The nearest valid name, for hints after a mistyped one. Pure.

/// Below this share of equal letters a guess confuses more than it helps.
const ALIKE: f64 = 0.6;

/// The valid name that was probably meant.
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word = word.to_lowercase().replace('_', "-");
    names
        .into_iter()
        .map(|name| (likeness(&word, name), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// The valid path that was probably meant; letter for letter, as paths are not made of words.
pub fn nearest_path<'n>(typed: &str, paths: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let close = |path: &str| path.len().abs_diff(typed.len()) * 2 <= typed.len().max(path.len());
    paths
        .into_iter()
        .filter(|path| close(path))
        .map(|path| (strsim::normalized_damerau_levenshtein(typed, path), path))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, path)| path)
}

fn likeness(word: &str, name: &str) -> f64 {
    // `sleep` for `unconditional-sleep`: a whole word of the name is a better guess than similar letters elsewhere.
    if word.len() >= 4 && name.split('-').any(|part| part == word) {
        return 0.95;
    }
    if word.len() >= 3 && (name.starts_with(word) || word.starts_with(name)) {
        return 0.9;
    }
    strsim::normalized_damerau_levenshtein(word, name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_parts_and_underscores_are_understood() {
        let names = ["unconditional-sleep", "debug-print", "file-size"];
        assert_eq!(nearest("unconditional-slep", names), Some("unconditional-sleep"));
        assert_eq!(nearest("sleep", names), Some("unconditional-sleep"));
        assert_eq!(nearest("file_size", names), Some("file-size"));
        assert_eq!(nearest("debug", names), Some("debug-print"));
        assert_eq!(nearest("warn", ["off", "warning"]), Some("warning"));
        assert_eq!(nearest("colour", names), None);
    }
}
