//! The phases of a profile for the viewers of others: Chrome's trace format and speedscope's. Phases that came several times are
//! one stretch each; they are laid one after the other, since only how long they took is known of most.

use serde_json::{Value, json};

use crate::profile::Judged;

/// What the time that no phase explains is called.
const UNEXPLAINED: &str = "(in no phase)";

/// Name, start and end in microseconds.
fn stretches(judged: &Judged) -> Vec<(&str, u64, u64)> {
    let mut at = 0_u64;
    let one = |row: &'_ crate::profile::Row| {
        let start = at;
        at = at.saturating_add(row.us);
        (start, at)
    };
    let spans: Vec<(u64, u64)> = judged.rows.iter().map(one).collect();
    let names = judged.rows.iter().map(|row| row.phase.as_deref().unwrap_or(UNEXPLAINED));
    names.zip(spans).map(|(name, (start, end))| (name, start, end)).collect()
}

/// Events that begin and end, as <https://ui.perfetto.dev> and `chrome://tracing` open them.
pub fn chrome(judged: &Judged) -> Result<String, serde_json::Error> {
    let event =
        |name: &str, kind: &str, at: u64| json!({ "name": name, "ph": kind, "ts": at, "pid": 1, "tid": 1 });
    let events: Vec<Value> = stretches(judged)
        .into_iter()
        .flat_map(|(name, start, end)| [event(name, "B", start), event(name, "E", end)])
        .collect();
    serde_json::to_string(&json!({ "traceEvents": events, "displayTimeUnit": "ms" })).map(|text| text + "\n")
}

/// As <https://www.speedscope.app> opens it.
pub fn speedscope(judged: &Judged, title: &str) -> Result<String, serde_json::Error> {
    let stretches = stretches(judged);
    let frames: Vec<Value> = stretches.iter().map(|(name, ..)| json!({ "name": name })).collect();
    let events: Vec<Value> = stretches
        .iter()
        .enumerate()
        .flat_map(|(frame, (_, start, end))| {
            [
                json!({ "type": "O", "frame": frame, "at": start }),
                json!({ "type": "C", "frame": frame, "at": end }),
            ]
        })
        .collect();
    let end = stretches.last().map_or(0, |(.., end)| *end);
    let object = json!({
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "name": title,
        "exporter": "fixguard",
        "shared": { "frames": frames },
        "profiles": [{
            "type": "evented",
            "name": title,
            "unit": "microseconds",
            "startValue": 0,
            "endValue": end,
            "events": events,
        }],
    });
    serde_json::to_string(&object).map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{chrome, speedscope};
    use crate::profile::{Judged, Row, Work};

    fn judged() -> Judged {
        let row = |phase: Option<&str>, us| Row { phase: phase.map(str::to_owned), us, times: 1, share: 0.5 };
        Judged {
            form: None,
            others: Vec::new(),
            rows: vec![row(Some("setup \"x\""), 10), row(Some("gather"), 30), row(None, 5)],
            total_us: 45,
            bottleneck: None,
            busy: 0.0,
            work: Work::Mixed,
            doubts: Vec::new(),
        }
    }

    #[test]
    fn every_phase_begins_and_ends() {
        let trace: Value = serde_json::from_str(&chrome(&judged()).unwrap()).unwrap();
        let events = trace["traceEvents"].as_array().unwrap();
        assert_eq!(events.len(), 6);
        assert_eq!(
            (&events[2]["name"], &events[2]["ts"], &events[3]["ts"]),
            (&"gather".into(), &10.into(), &40.into())
        );
        assert_eq!(events[5]["name"], "(in no phase)");
    }

    /// Frames are named by number, events come in order, and what is opened is closed.
    #[test]
    fn speedscope_takes_it() {
        let file: Value = serde_json::from_str(&speedscope(&judged(), "test").unwrap()).unwrap();
        let profile = &file["profiles"][0];
        assert_eq!((&profile["type"], &profile["endValue"]), (&"evented".into(), &45.into()));
        let events = profile["events"].as_array().unwrap();
        let places: Vec<u64> = events.iter().map(|event| event["at"].as_u64().unwrap()).collect();
        assert!(places.is_sorted() && events.len() == 6);
        assert_eq!(file["shared"]["frames"][0]["name"], "setup \"x\"");
    }
}
