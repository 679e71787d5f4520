//! The formats that other programs read: held to their schemas, with texts that would do harm where they are shown.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "what a test leaves out")]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use fixguard::change::{Endpoint, Oid};
use fixguard::fact::Span;
use fixguard::finding::{
    Coverage, Family, Finding, OldPlace, Place, Region, Report, Severity, Silenced, Skipped, Verdict,
};
use fixguard::render::{Verbosity, github, gitlab, junit, markdown, rdjson, sarif};
use fixguard::text::Lines;
use insta::assert_snapshot;
use serde_json::{Value, json};

/// What a file, a line or a message of a hostile branch may hold.
const HOSTILE: &str = "a\n::set-output name=x::y\r\n##[error]z ]]> \u{1b}[31m\u{202e}evil\u{7} <img src=x onerror=1> \
                       [x](https://evil.example) @everyone #1 %0A `code` | \u{fffe}<!-- -->";

/// What services make links of, beside.
const REFERENCES: &str = "see GH-1, %1, !1, $1, &1 and `a``b` for `@everyone";

fn place(path: &str, text: &str, mark: &str) -> Place {
    let start = text.find(mark).unwrap() as u32;
    let span = Span::new(start, start + mark.len() as u32);
    let lines = Lines::of(text);
    let (start, end) = (lines.position(text, span.start), lines.position(text, span.end));
    Place { path: path.into(), region: Some(Region { text: Arc::from(text), span, start, end }) }
}

fn sleep(path: &str, text: &str) -> Finding {
    Finding {
        rule: "unconditional-sleep",
        family: Family::Unconditional,
        severity: Severity::Error,
        place: Some(place(path, text, "sleep(1)")),
        message: "`sleep(1)` on every path".to_owned(),
        help: "wait for the condition itself".to_owned(),
        why: "",
        old: None,
        evidence: vec![],
        commit: None,
        suppressed: None,
    }
}

/// Findings of every shape: in a line, in a file, of a commit, of the branch, suppressed.
fn findings() -> Vec<Finding> {
    let of_file = Finding {
        rule: "test-file",
        severity: Severity::Warning,
        place: Some(Place { path: "tests/test a,b:c%.py".into(), region: None }),
        ..sleep("x", "sleep(1)")
    };
    let of_commit = Finding {
        rule: "fixup-commit",
        place: None,
        commit: Some("5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80".to_owned()),
        ..sleep("x", "sleep(1)")
    };
    let of_branch =
        Finding { severity: Severity::Note, help: String::new(), commit: None, ..of_commit.clone() };
    let was = OldPlace { path: "src/a.cc".into(), line: 1, text: HOSTILE.to_owned() };
    vec![
        sleep("src/a.cc", "é\n  é sleep(1);\n"),
        Finding {
            suppressed: Some(Silenced { reason: Some(HOSTILE.to_owned()) }),
            ..sleep("src/b.cc", "sleep(1)")
        },
        of_file,
        of_commit,
        of_branch,
        Finding {
            message: HOSTILE.to_owned(),
            help: HOSTILE.to_owned(),
            old: Some(was),
            ..sleep(HOSTILE, &format!("{HOSTILE} sleep(1) {HOSTILE}"))
        },
    ]
}

fn report(findings: Vec<Finding>) -> Report {
    let skipped = Skipped { path: HOSTILE.into(), reason: HOSTILE.to_owned(), undecided: true };
    Report {
        base: Endpoint::Commit { id: Oid::new(&[0x1a; 20]), branch: Some("main".to_owned()) },
        head: Endpoint::Commit { id: Oid::new(&[0x5d; 20]), branch: Some(HOSTILE.to_owned()) },
        verdict: Verdict::Block,
        findings,
        coverage: Coverage { files_read: 3, files_skipped: vec![skipped], ..Coverage::default() },
        notes: vec![HOSTILE.to_owned()],
    }
}

fn empty() -> Report {
    let head = Endpoint::Commit { id: Oid::new(&[0x5d; 20]), branch: Some("fix/7".to_owned()) };
    Report { head, verdict: Verdict::Pass, coverage: Coverage::default(), ..report(vec![]) }
}

fn schema(name: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/schema").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    // The official schema has a pattern for languages with a bracket too many, which is no regular expression.
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

#[track_caller]
fn hold(schema_name: &str, text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap();
    let errors: Vec<String> = schema(schema_name)
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    value
}

#[test]
fn sarif_fits_its_schema_and_github_s_limits() {
    for report in [report(findings()), empty()] {
        let log = hold("sarif-2.1.0.json", &sarif::report(&report).unwrap());
        let driver = &log["runs"][0]["tool"]["driver"];
        assert_eq!(driver["rules"].as_array().unwrap().len(), fixguard::rule::catalogue().len());
        for rule in driver["rules"].as_array().unwrap() {
            for text in ["shortDescription", "fullDescription", "help"] {
                let text = rule[text]["text"].as_str().unwrap();
                assert!((1..=1024).contains(&text.chars().count()), "{rule}");
            }
        }
        for result in log["runs"][0]["results"].as_array().unwrap() {
            let id = result["ruleId"].as_str().unwrap();
            assert_eq!(driver["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"], id);
            let location = &result["locations"][0]["physicalLocation"];
            assert!(!location["artifactLocation"]["uri"].as_str().unwrap().is_empty());
            assert_eq!(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().len(), 32);
        }
    }
    // The schema would say so.
    let mut broken: Value = serde_json::from_str(&sarif::report(&empty()).unwrap()).unwrap();
    broken["runs"][0]["tool"] = json!({});
    assert!(!schema("sarif-2.1.0.json").is_valid(&broken));
}

#[test]
fn sarif_says_where_and_what_was_suppressed() {
    let log: Value = serde_json::from_str(&sarif::report(&report(findings())).unwrap()).unwrap();
    let run = &log["runs"][0];
    let results = &run["results"];
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"]["region"],
        json!({ "startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 13, "snippet": { "text": "sleep(1)" } })
    );
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(results[1]["suppressions"][0]["kind"], "inSource");
    assert_eq!(
        results[2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "tests/test%20a%2Cb%3Ac%25.py"
    );
    assert_eq!(results[3]["locations"][0]["logicalLocations"][0]["name"], "commit 5d6e7f8091");
    assert!(results[5]["message"]["text"].as_str().unwrap().contains("\\[x\\](https"));
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"][0]["level"], "error");
}

#[test]
fn fingerprints_stay_when_lines_move_and_tell_twins_apart() {
    let prints = |text: &str| -> Vec<String> {
        let mut second = sleep("a.cc", text);
        let at = text.rfind("sleep(1)").unwrap() as u32;
        if let Some(Place { region: Some(region), .. }) = &mut second.place {
            region.span = Span::new(at, at + 8);
        }
        let log = sarif::report(&report(vec![sleep("a.cc", text), second])).unwrap();
        let log: Value = serde_json::from_str(&log).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let print =
            |r: &Value| r["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().to_owned();
        results.iter().map(print).collect()
    };
    let before = prints("x();\n  sleep(1);\ny();\n  sleep(1);\n");
    assert_eq!(before, prints("// new\n\nx();\n    sleep(1);\nother();\nsleep(1);\n"));
    assert_ne!(before[0], before[1]);
    assert_ne!(before[0], prints("x();\n  b.sleep(1);\ny();\n  sleep(1);\n")[0]);
}

#[test]
fn gitlab_and_reviewdog_fit_their_schemas() {
    for report in [report(findings()), empty()] {
        hold("gitlab-code-quality.json", &gitlab::report(&report).unwrap());
        hold("rdjson.json", &rdjson::report(&report).unwrap());
    }
    let issues = hold("gitlab-code-quality.json", &gitlab::report(&report(findings())).unwrap());
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), 5, "one is suppressed");
    assert_eq!(issues[0]["location"], json!({ "path": "src/a.cc", "lines": { "begin": 2, "end": 2 } }));
    let found = hold("rdjson.json", &rdjson::report(&report(findings())).unwrap());
    // Bytes: the é before has two of them.
    assert_eq!(
        found["diagnostics"][0]["location"]["range"],
        json!({ "start": { "line": 2, "column": 6 }, "end": { "line": 2, "column": 14 } })
    );
}

#[test]
fn annotations_are_one_line_each_and_carry_no_command_of_others() {
    let text = github::report(&report(findings()), Verbosity::Normal);
    for line in text.lines() {
        let ours = ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start));
        let is_command = line.trim_start().starts_with("::") || line.contains("##[");
        assert!(ours || !is_command, "{line}");
        assert!(!line.chars().any(|c| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
    let blank = github::report(&report(vec![sleep(" ::error::x", "sleep(1)")]), Verbosity::Normal);
    assert!(blank.contains("\n./ ::error::x:1:1: error"), "{blank}");
    let commands = text.lines().filter(|line| line.starts_with("::"));
    assert_snapshot!(commands.map(|line| line.to_owned() + "\n").collect::<String>(), @r#"
    ::error file=src/a.cc,line=2,endLine=2,col=5,endColumn=13,title=unconditional-sleep::`sleep(1)` on every path%0Await for the condition itself
    ::error title=fixup-commit::commit 5d6e7f8091: `sleep(1)` on every path%0Await for the condition itself
    ::error file=a␊%3A%3Aset-output name=x%3A%3Ay␍␊##\[error]z ]]> ␛[31m<U+202E>evil␇ <img src=x onerror=1> [x](https%3A//evil.example) @everyone #1 %250A `code` | <U+FFFE><!-- -->,line=3,endLine=3,col=112,endColumn=120,title=unconditional-sleep::a␊::set-output name=x::y␍␊##\[error]z ]]> ␛[31m<U+202E>evil␇ <img src=x onerror=1> [x](https://evil.example) @everyone #1 %250A `code` | <U+FFFE><!-- -->%0Aa%0A::set-output name=x::y␍%0A##\[error]z ]]> ␛[31m<U+202E>evil␇ <img src=x onerror=1> [x](https://evil.example) @everyone #1 %250A `code` | <U+FFFE><!-- -->
    ::warning file=tests/test a%2Cb%3Ac%25.py,title=test-file::`sleep(1)` on every path%0Await for the condition itself
    ::notice title=fixup-commit::branch: `sleep(1)` on every path
    ::error file=a␊%3A%3Aset-output name=x%3A%3Ay␍␊##\[error]z ]]> ␛[31m<U+202E>evil␇ <img src=x onerror=1> [x](https%3A//evil.example) @everyone #1 %250A `code` | <U+FFFE><!-- -->,title=fixguard::not judged: a␊::set-output name=x::y␍␊##\[error]z ]]> ␛[31m<U+202E>evil␇ <img src=x onerror=1> [x](https://evil.example) @everyone #1 %250A `code` | <U+FFFE><!-- -->
    "#);
}

#[test]
fn a_comment_holds_no_more_than_a_service_takes_and_nothing_acts() {
    let many: Vec<Finding> = (0..2000).map(|n| sleep(&format!("src/{n}.cc"), "sleep(1)")).collect();
    let text = markdown::report(&report(many));
    assert!(text.chars().count() <= 65_536, "{}", text.chars().count());
    let (_, tail) = text.rsplit_once("… and ").unwrap();
    assert!(tail.contains("more; the log has them all."), "{tail}");

    let mut shown = findings();
    shown.push(Finding {
        message: REFERENCES.to_owned(),
        help: REFERENCES.to_owned(),
        ..sleep("src/c.cc", "sleep(1)")
    });
    let text = markdown::report(&report(shown));
    let mut outside = String::new();
    for line in text.lines() {
        // What is left without code spans; a backslash takes its meaning from what follows it.
        let mut rest = line;
        while let Some(at) = rest.find(['`', '\\']) {
            outside.push_str(&rest[..at]);
            if rest[at..].starts_with('\\') {
                outside.push_str(&rest[at..at + 2]);
                rest = &rest[at + 2..];
                continue;
            }
            let run = rest[at..].len() - rest[at..].trim_start_matches('`').len();
            let after = &rest[at + run..];
            let mut runs = after.match_indices('`').map(|(at, _)| at);
            let is_fence = |at: &usize| {
                let length = after[*at..].len() - after[*at..].trim_start_matches('`').len();
                length == run && !after[..*at].ends_with('`')
            };
            let end = runs.find(is_fence).unwrap_or_else(|| panic!("an open span: {line}"));
            rest = &after[end + run..];
        }
        writeln!(outside, "{rest}").unwrap();
    }
    for harm in
        ["<img", "](", "@everyone", "#1", "GH-1", "%1", "!1", "$1", "&1", "https://", "\u{1b}", "\u{202e}"]
    {
        assert!(!outside.contains(harm), "{harm}: {outside}");
    }
    assert_snapshot!(markdown::report(&empty()), @r"### ✅ fixguard: pass: 0 files checked, because nothing changed \(main 1a1a1a1a1a...fix/7 5d5d5d5d5d\)");
}

#[test]
fn junit_fits_the_schema_that_jenkins_uses() {
    for (report, failures) in [(report(findings()), 3), (empty(), 0)] {
        let text = junit::report(&report).unwrap();
        assert!(!text.contains("]]>") && !text.contains('\u{1b}') && !text.contains('\u{fffe}'), "{text}");
        assert!(text.contains(&format!("failures=\"{failures}\"")), "{text}");
        validate(&text);
    }
}

/// By xmllint, where this machine has it.
#[expect(clippy::disallowed_methods, reason = "the validator of XML is another program")]
fn validate(text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("junit.xml");
    std::fs::write(&file, text).unwrap();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/schema/junit-10.xsd");
    let mut command = std::process::Command::new("xmllint");
    match command.args(["--noout", "--nonet", "--schema"]).arg(schema).arg(&file).output() {
        Err(_) => eprintln!("skipped: there is no xmllint"),
        Ok(output) => {
            assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
