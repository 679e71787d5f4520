//! The rules of the family `evidence`, explained.

use serde_json::json;

use super::{Colour, Look};
use crate::rule::duty::Duty;

pub fn page(duty: &Duty, look: Look) -> String {
    let id = match look.colour {
        Colour::Ansi => format!("\x1b[1m{}\x1b[0m", duty.id),
        Colour::Plain => duty.id.to_owned(),
    };
    let parts = [
        duty.title.to_owned(),
        format!("Why: {}", duty.why),
        format!("What brings it: {}", duty.remedy),
        format!(
            "Asked for by `hook.require`: {}. It judges the case and its records, not code: no comment silences it.",
            duty.requirement
        ),
    ];
    let parts: Vec<String> = parts.iter().map(|part| super::paragraph(part, look)).collect();
    format!(
        "{id} (family evidence)\n\n{}",
        parts.iter().map(|part| part.trim_end().to_owned() + "\n").collect::<Vec<_>>().join("\n")
    )
}

/// For programs; version 1.
pub fn json(duty: &Duty) -> Result<String, serde_json::Error> {
    let object = json!({
        "version": 1,
        "id": duty.id,
        "family": "evidence",
        "title": duty.title,
        "why": duty.why,
        "remedy": duty.remedy,
        "requirement": duty.requirement,
    });
    serde_json::to_string_pretty(&object).map(|text| text + "\n")
}

/// All of them as a page of the manual.
pub fn manual(duties: &[Duty]) -> String {
    let row = |duty: &Duty| {
        format!(
            "| `{}` | {} | {} | {} | {} |\n",
            duty.id, duty.title, duty.why, duty.remedy, duty.requirement
        )
    };
    let rows: String = duties.iter().map(row).collect();
    format!(
        "What a fix must show, beside what its text says. These rules judge a case and its records, not code: they have no place\nin a file, and no comment silences them. [way.md](way.md) and [verify.md](verify.md) tell how they are met;\n`fixguard explain no-baseline` tells of one.\n\n| Rule | What is wrong | Why | What brings it | Asked for by `hook.require` |\n|---|---|---|---|---|\n{rows}"
    )
}
