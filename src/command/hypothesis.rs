//! `fixguard hypothesis` and `fixguard extend`: what is supposed before a fix is tried, and more time. Words of people, which
//! are recorded as they are given.

use std::fs;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use super::case::Opened;
use super::verify;
use crate::cli::{Extend, Hypothesis as Words, Purposed};
use crate::error::{Error, Kind};
use crate::evidence;
use crate::exec;
use crate::git::Repository;
use crate::profile;
use crate::record::{Extension, Hypothesis, Nature, Planned, Record};
use crate::render::{self, Look};
use crate::terminal::{self, Sink};

/// A longer form is none.
const MAX_FORM_BYTES: u64 = 1 << 20;

const TEMPLATE: &str = "\
# What is supposed of the failure, before a fix is tried. Fill it in, then: fixguard hypothesis --from FILE
expected = \"\"        # what should happen
actual = \"\"          # what happens
operation = \"\"       # the function or operation that fails
bottleneck = \"\"      # the phase of the profile that takes the time; empty where time is not the matter
nature = \"\"          # performance, correctness or resource
cause = \"\"           # algorithm, missing-optimisation, logic, parameters or resource-limit
why = \"\"             # why that makes it fail
fix = \"\"             # what is expected to mend it
verification = \"\"    # how it will be seen that this was right
files = [
  # \"path/to/file.cpp: what changes in it, and only for which case\",
]
";

pub(super) fn run<W: Write>(words: &Words, look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    if words.purposed() == Purposed::Template {
        out.say(TEMPLATE)?;
        return Ok(0);
    }
    let repository = Repository::discover(Path::new("."))?;
    let opened = verify::existing(&repository, words.case.as_deref())?;
    if words.purposed() == Purposed::Show {
        let Some(hypothesis) = evidence::hypothesis(&opened.entries) else {
            return Err(Error::new(Kind::Usage, "there is no hypothesis yet")
                .hint("Fill in a form: `fixguard hypothesis --template > ../hypothesis.toml`, then `--from ../hypothesis.toml`."));
        };
        out.say(&render::way::hypothesis(hypothesis, look))?;
        return Ok(0);
    }
    let form = match words.purposed() {
        Purposed::Edit => Some(edited(&opened)?),
        _ => words.from.clone(),
    };
    let hypothesis = checked(words, form.as_deref(), &opened)?;
    opened.ledger.append(&Record::Hypothesis(hypothesis.clone()))?;
    out.say(&render::way::hypothesis(&hypothesis, look))?;
    out.say("  next: make one change, then fixguard try 'WHAT AND WHY'\n")?;
    Ok(0)
}

/// The form, filled in by hand. It stays beside the ledger, so that a slip costs nothing.
fn edited(opened: &Opened) -> Result<PathBuf, Error> {
    let editor =
        ["VISUAL", "EDITOR"].iter().find_map(|name| terminal::variable(name)).filter(|text| !text.is_empty());
    let Some(editor) = editor else {
        return Err(Error::new(Kind::Usage, "no editor is named")
            .hint("Name one in VISUAL or EDITOR, or give the form as a file: `--from FILE`."));
    };
    let path = opened.ledger.dir().join("hypothesis.toml");
    if !path.exists() {
        fs::write(&path, TEMPLATE).map_err(|cause| {
            Error::new(Kind::Undecided, format!("{} cannot be written", path.display())).because(cause)
        })?;
    }
    exec::edit(&editor, &path)?;
    Ok(path)
}

/// The form of a file, in which every text may be missing.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Form {
    expected: String,
    actual: String,
    operation: String,
    bottleneck: String,
    nature: String,
    cause: String,
    why: String,
    fix: String,
    verification: String,
    files: Vec<String>,
}

impl Form {
    fn of(words: &Words, form: Option<&Path>) -> Result<Self, Error> {
        let mut form = match form {
            None => Self::default(),
            Some(path) => {
                let shown = path.display();
                let unread =
                    |cause| Error::new(Kind::Usage, format!("{shown} cannot be read")).because(cause);
                let mut text = String::new();
                fs::File::open(path)
                    .and_then(|file| file.take(MAX_FORM_BYTES).read_to_string(&mut text))
                    .map_err(unread)?;
                toml::from_str(&text).map_err(|cause| {
                    Error::new(Kind::Usage, format!("{shown} is no filled-in form"))
                        .because(cause)
                        .hint("`fixguard hypothesis --template` prints one.")
                })?
            }
        };
        let Words { expected, actual, operation, bottleneck, nature, cause, why, fix, verification, .. } =
            words;
        let typed = [
            (&mut form.expected, expected),
            (&mut form.actual, actual),
            (&mut form.operation, operation),
            (&mut form.bottleneck, bottleneck),
            (&mut form.nature, nature),
            (&mut form.cause, cause),
            (&mut form.why, why),
            (&mut form.fix, fix),
            (&mut form.verification, verification),
        ];
        for (text, typed) in typed {
            if let Some(typed) = typed {
                text.clone_from(typed);
            }
        }
        if !words.files.is_empty() {
            form.files.clone_from(&words.files);
        }
        Ok(form)
    }
}

fn checked(words: &Words, form: Option<&Path>, opened: &Opened) -> Result<Hypothesis, Error> {
    let form = Form::of(words, form)?;
    let without_profile = words.without_profile.clone().unwrap_or_default();
    let phases = match evidence::profile(&opened.entries) {
        Some(profile) => profile::judge(profile).rows.into_iter().filter_map(|row| row.phase).collect(),
        None if without_profile.is_empty() => {
            return Err(Error::new(Kind::Usage, "nothing was measured yet: a hypothesis comes after the profile")
                .hint("Measure first: `fixguard profile`. Where that cannot be: `--without-profile REASON`; `not-profiled` stays open."));
        }
        None => Vec::new(),
    };
    let texts = [
        ("expected", &form.expected),
        ("actual", &form.actual),
        ("operation", &form.operation),
        ("nature", &form.nature),
        ("cause", &form.cause),
        ("why", &form.why),
        ("fix", &form.fix),
        ("verification", &form.verification),
    ];
    let mut missing: Vec<&str> =
        texts.iter().filter(|(_, text)| text.trim().is_empty()).map(|(name, _)| *name).collect();
    if form.files.is_empty() {
        missing.push("file");
    }
    if !missing.is_empty() {
        return Err(Error::new(Kind::Usage, format!("the hypothesis does not say: {}", missing.join(", ")))
            .hint("Say it by options of these names, or fill in a form: `fixguard hypothesis --template`."));
    }
    let nature = word("nature", &form.nature)?;
    let has_phase = phases.is_empty() || phases.contains(&form.bottleneck);
    if nature == Nature::Performance && (form.bottleneck.is_empty() || !has_phase) {
        let known = if phases.is_empty() { "none was measured".to_owned() } else { phases.join(", ") };
        return Err(Error::new(Kind::Usage, format!("`{}` is no phase of the profile", form.bottleneck))
            .hint(format!("Say which phase takes the time, `--bottleneck PHASE`: {known}.")));
    }
    Ok(Hypothesis {
        nature,
        cause: word("cause", &form.cause)?,
        files: form.files.iter().map(|text| planned(text)).collect::<Result<_, _>>()?,
        expected: form.expected,
        actual: form.actual,
        operation: form.operation,
        bottleneck: form.bottleneck,
        why: form.why,
        fix: form.fix,
        verification: form.verification,
        without_profile,
    })
}

/// One of the words that the records know.
fn word<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, Error> {
    let value = serde_json::Value::String(text.trim().to_lowercase().replace([' ', '_'], "-"));
    serde_json::from_value(value).map_err(|cause| {
        let known = match name {
            "nature" => "performance, correctness or resource",
            _ => "algorithm, missing-optimisation, logic, parameters or resource-limit",
        };
        Error::new(Kind::Usage, format!("`{text}` is no {name} of a failure"))
            .because(cause)
            .hint(format!("It is one of {known}."))
    })
}

fn planned(text: &str) -> Result<Planned, Error> {
    let parts = text.split_once(':').map(|(path, change)| (path.trim(), change.trim()));
    match parts.filter(|(path, change)| !path.is_empty() && !change.is_empty()) {
        Some((path, change)) => {
            Ok(Planned { path: path.trim_start_matches("./").to_owned(), change: change.to_owned() })
        }
        None => Err(Error::new(Kind::Usage, format!("`{text}` does not say what changes in the file"))
            .hint("Write `--file 'src/queue.cpp: read in one piece when the transfer is large'`.")),
    }
}

pub(super) fn extend<W: Write>(words: &Extend, out: &mut Sink<W>) -> Result<u8, Error> {
    let repository = Repository::discover(Path::new("."))?;
    let opened = verify::existing(&repository, words.case.as_deref())?;
    if evidence::allowed_minutes(&opened.entries).is_none() {
        return Err(Error::new(Kind::Usage, "this case has no time limit")
            .hint("There is nothing to extend: it may take as long as it takes."));
    }
    let extension = Extension { minutes: words.minutes, reason: words.reason.clone() };
    opened.ledger.append(&Record::Extension(extension))?;
    let entries = opened.ledger.read()?.entries;
    let allowed = evidence::allowed_minutes(&entries).unwrap_or(0);
    let used = entries.first().map_or(0, crate::ledger::Entry::minutes_ago);
    out.say(&format!("The case may take {allowed} minutes; {used} are used.\n"))?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::{Form, TEMPLATE, planned, word};
    use crate::record::{Cause, Nature};

    /// The form holds every member, and is taken back.
    #[test]
    fn the_form_is_one() {
        let form: Form = toml::from_str(TEMPLATE).unwrap();
        assert!(form.files.is_empty() && form.expected.is_empty());
        assert!(toml::from_str::<Form>("expcted = 'x'").is_err());
    }

    #[test]
    fn words_and_files() {
        assert_eq!(word::<Nature>("nature", "Performance").unwrap(), Nature::Performance);
        assert_eq!(word::<Cause>("cause", "missing optimisation").unwrap(), Cause::MissingOptimisation);
        assert!(word::<Cause>("cause", "bad luck").is_err());
        assert_eq!(planned("./src/a.cpp: only: for large").unwrap().change, "only: for large");
        assert!(planned("src/a.cpp").is_err());
    }
}
