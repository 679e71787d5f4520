//! Every format by the command line: what it begins with, that it is whole, and that the verdict's code stays.

use serde_json::Value;

use crate::{careless, code, program};

#[test]
fn every_format_reports_and_keeps_the_code() {
    let repo = careless();
    let starts = [
        ("human", "error[unconditional-sleep]"),
        ("concise", "src/send.py:5:5: error[unconditional-sleep]"),
        ("json", "{\n  \"version\": 1,"),
        ("jsonl", "{\"type\":\"finding\","),
        ("sarif", "{\n  \"$schema\":"),
        (
            "github",
            "::error file=src/send.py,line=5,endLine=5,col=5,endColumn=20,title=unconditional-sleep::",
        ),
        ("gitlab", "[\n  {\n    \"description\":"),
        ("rdjson", "{\n  \"source\":"),
        (
            "junit",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fixguard\" tests=\"1\" failures=\"1\"",
        ),
        ("markdown", "### ❌ fixguard: blocked: 1 error"),
    ];
    for (format, start) in starts {
        let output = program(&repo.path, &["check", "--format", format]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(text.starts_with(start) && text.ends_with('\n'), "{format}: {text}");
        if ["json", "sarif", "gitlab", "rdjson"].contains(&format) {
            serde_json::from_str::<Value>(&text).unwrap();
        }
        let words = ["check", "--quiet", "--format", format, "-o", "report"];
        assert_eq!(code(&repo.path, &words), 1, "{format}");
        assert!(std::fs::read_to_string(repo.path.join("report")).unwrap().starts_with(start), "{format}");
    }
}

#[test]
fn a_summary_that_cannot_be_written_is_told() {
    let repo = careless();
    let mut command = program(&repo.path, &["check", "--format", "github"]);
    let output = command.env("GITHUB_STEP_SUMMARY", "/no/such/folder/summary").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("cannot write /no/such/folder/summary"), "{said}");
}
