//! SARIF 2.1.0, as GitHub's code scanning takes it: rules with their reasons, results with stable fingerprints, and what
//! was suppressed in the source. Own structs: no more of the standard than is written here.

use serde::Serialize;

use super::fingerprint::fingerprints;
use super::listed::{self, STAND_IN};
use super::place;
use super::visible::{visible, visible_lines};
use crate::finding::{Finding, Report, Severity, Silenced, Verdict};
use crate::rule::{self, Level, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// GitHub refuses runs with more results.
const MAX_RESULTS: usize = 25_000;
/// Characters of a rule's description, by GitHub's limits.
const MAX_DESCRIPTION: usize = 1_024;
/// Characters of source that a result shows.
const MAX_SNIPPET: usize = 1_000;

pub fn report(report: &Report) -> Result<String, serde_json::Error> {
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run(report)] };
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn run(report: &Report) -> Run<'_> {
    let described = descriptors(report);
    let mut results: Vec<(Severity, SarifResult<'_>)> = report
        .findings
        .iter()
        .zip(fingerprints(&report.findings))
        .map(|(finding, fingerprint)| (finding.severity, result(finding, fingerprint, &described)))
        .collect();
    let all = results.len();
    if all > MAX_RESULTS {
        results.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
        results.truncate(MAX_RESULTS);
    }
    Run {
        tool: Tool {
            driver: Driver {
                name: "fixguard",
                version: env!("CARGO_PKG_VERSION"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: described,
            },
        },
        column_kind: "unicodeCodePoints",
        automation_details: Automation { id: "fixguard/" },
        invocations: [invocation(report, all)],
        results: results.into_iter().map(|(_, result)| result).collect(),
    }
}

fn invocation(report: &Report, all: usize) -> Invocation {
    let skipped = report.coverage.files_skipped.iter().filter(|skipped| skipped.undecided);
    let unread = skipped.map(|skipped| Notification {
        level: "error",
        message: Message::of(&format!("{} was not judged: {}", skipped.path, skipped.reason)),
        locations: vec![Location::of_path(skipped.path.as_str())],
    });
    let cut = (all > MAX_RESULTS).then(|| Notification {
        level: "warning",
        message: Message::of(&format!("{all} findings, of which the worst {MAX_RESULTS} are listed")),
        locations: Vec::new(),
    });
    Invocation {
        execution_successful: report.verdict != Verdict::Undecided,
        tool_execution_notifications: unread.chain(cut).collect(),
    }
}

fn result<'a>(finding: &'a Finding, fingerprint: String, rules: &[Descriptor]) -> SarifResult<'a> {
    SarifResult {
        rule_id: finding.rule,
        rule_index: rules.iter().position(|rule| rule.id == finding.rule),
        level: finding.severity.name(),
        message: Message::of(&message(finding)),
        locations: [location(finding)],
        partial_fingerprints: Fingerprints { of_line: fingerprint },
        suppressions: finding.suppressed.iter().map(Suppression::of).collect(),
    }
}

/// With what to do instead: services show one text.
fn message(finding: &Finding) -> String {
    let message = listed::message(finding);
    if finding.help.is_empty() { message } else { format!("{message}\n{}", visible_lines(&finding.help)) }
}

fn location(finding: &Finding) -> Location {
    let Some(place) = &finding.place else {
        let mut location = Location::of_path(STAND_IN);
        location.logical_locations = vec![Logical { name: place::place(finding), kind: "resource" }];
        return location;
    };
    let mut location = Location::of_path(place.path.as_str());
    location.physical_location.region = place.region.as_ref().map(|region| Region {
        start_line: region.start.line,
        start_column: region.start.column,
        end_line: region.end.line,
        end_column: region.end.column,
        snippet: Snippet {
            text: region
                .text
                .get(region.span.start as usize..region.span.end as usize)
                .unwrap_or_default()
                .chars()
                .take(MAX_SNIPPET)
                .collect(),
        },
    });
    location
}

/// The program's rules, then those of the team that found something.
fn descriptors(report: &Report) -> Vec<Descriptor> {
    let mut described: Vec<Descriptor> = rule::catalogue().iter().map(descriptor).collect();
    for finding in &report.findings {
        if !described.iter().any(|known| known.id == finding.rule) {
            described.push(descriptor_of(finding));
        }
    }
    described
}

fn descriptor_of(finding: &Finding) -> Descriptor {
    Descriptor {
        id: finding.rule,
        short_description: Message::of(finding.rule),
        full_description: Message::of(&cut(finding.why.trim())),
        help: Message::of(&finding.help),
        default_configuration: Configuration { level: finding.severity.name() },
        properties: Properties { tags: [finding.family.name()] },
    }
}

fn descriptor(rule: &Rule) -> Descriptor {
    Descriptor {
        id: rule.id,
        short_description: Message::of(rule.title),
        full_description: Message::of(&cut(rule.why.trim())),
        help: Message::of(rule.remedy),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: Properties { tags: [rule.family.name()] },
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_DESCRIPTION).collect()
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "none",
        level => level.name(),
    }
}

/// A relative URI: what is no plain letter of one is written by its bytes.
fn uri(path: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(one).collect()
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    automation_details: Automation,
    invocations: [Invocation; 1],
    results: Vec<SarifResult<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Message,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 1],
}

#[derive(Serialize)]
struct Automation {
    id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
}

#[derive(Serialize)]
struct Fingerprints {
    /// The one that GitHub looks at.
    #[serde(rename = "primaryLocationLineHash")]
    of_line: String,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
}

impl Suppression {
    fn of(by: &Silenced) -> Self {
        let justification = by.reason.as_deref().map(|reason| visible(reason).into_owned());
        Self { kind: "inSource", justification }
    }
}

#[derive(Serialize)]
struct Message {
    text: String,
}

impl Message {
    /// Text that would be read as a link to a place is shown as text.
    fn of(text: &str) -> Self {
        let text = visible_lines(text);
        Self { text: if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text } }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
}

impl Location {
    fn of_path(path: &str) -> Self {
        let artifact_location = Artifact { uri: uri(path), uri_base_id: "%SRCROOT%" };
        Self {
            physical_location: Physical { artifact_location, region: None },
            logical_locations: Vec::new(),
        }
    }
}

#[derive(Serialize)]
struct Logical {
    name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

/// The end column is the one after the last character, as in SARIF.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    snippet: Snippet,
}

#[derive(Serialize)]
struct Snippet {
    text: String,
}
