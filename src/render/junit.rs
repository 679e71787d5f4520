//! JUnit's XML, for services that show tests: a finding that blocks is a failed test, one that was suppressed a skipped
//! one, a file that could not be judged an error. quick-junit writes the XML and leaves out what XML cannot hold.

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::listed;
use super::place;
use super::visible::{visible, visible_lines};
use crate::finding::{Finding, Report, Severity, Verdict};

pub fn report(report: &Report) -> Result<String, quick_junit::SerializeError> {
    let mut suite = TestSuite::new("fixguard");
    let fails = blocking(report);
    for finding in &report.findings {
        suite.add_test_case(case(finding, fails));
    }
    for skipped in report.coverage.files_skipped.iter().filter(|skipped| skipped.undecided) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(format!("not judged: {}", visible(&skipped.reason)));
        let name = visible(skipped.path.as_str());
        suite.add_test_case(named(&format!("{name} can be judged"), &name, status));
    }
    if suite.test_cases.is_empty() {
        suite.add_test_case(named("nothing found", "fixguard", TestCaseStatus::success()));
    }
    let mut document = Document::new("fixguard");
    document.add_test_suite(suite);
    let text = document.to_string()?;
    Ok(text.trim_end().replacen(&counted(&document), "", 1) + "\n")
}

/// An attribute of the root: quick-junit counts what was skipped there, too, where the schema has no such attribute.
fn counted(document: &Document) -> String {
    let skipped = document.test_suites.iter().flat_map(|suite| &suite.test_cases);
    let skipped = skipped.filter(|case| matches!(case.status, TestCaseStatus::Skipped { .. })).count();
    format!(" skipped=\"{skipped}\"")
}

/// From which severity on findings block.
fn blocking(report: &Report) -> Severity {
    let has_error = report.summary().errors > 0;
    if report.verdict == Verdict::Block && !has_error { Severity::Warning } else { Severity::Error }
}

fn case(finding: &Finding, fails: Severity) -> TestCase {
    let place = place::place(finding);
    let told = format!("{place}: {}\n{}", visible(&finding.message), visible_lines(&finding.help));
    let status = match &finding.suppressed {
        Some(by) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(visible(by.told()));
            status
        }
        None if finding.severity >= fails => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(listed::message(finding)).set_type(finding.severity.name());
            status.set_description(told.clone());
            status
        }
        None => TestCaseStatus::success(),
    };
    let is_success = matches!(status, TestCaseStatus::Success { .. });
    let mut case = named(&format!("{} at {place}", finding.rule), listed::path(finding), status);
    if is_success {
        case.set_system_out(told);
    }
    case
}

fn named(name: &str, class: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(visible(class));
    case
}
