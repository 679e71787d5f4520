//! `fixguard demo`: a careless fix is stopped, a careful one of the same fault passes. The project, its branches and
//! the judgement are real; only the folder is temporary.

use std::io::Write;
use std::path::Path;

use super::check::{CheckOptions, check};
use super::report::exit_code;
use crate::cli::Request;
use crate::error::{Error, Kind};
use crate::finding::{Report, Verdict};
use crate::git::fixture::{Draft, Fixture};
use crate::render::{Look, Verbosity, human, paragraph, patch};
use crate::rule;
use crate::terminal::Sink;

/// A file of the demo: its path and its content.
type File = (&'static str, &'static str);

const MAIN: &[File] = &[
    ("client/upload.py", include_str!("../../demo/main/client/upload.py")),
    ("fixguard.toml", include_str!("../../demo/main/fixguard.toml")),
    ("src/transfer.cpp", include_str!("../../demo/main/src/transfer.cpp")),
];

/// A branch that repairs the fault, and what must come of it.
struct Fix {
    branch: &'static str,
    what: &'static str,
    message: &'static str,
    files: &'static [File],
    verdict: Verdict,
    /// Rules that must have something to say, as far as the catalogue has them.
    rules: &'static [&'static str],
}

const FIXES: &[Fix] = &[
    Fix {
        branch: "fix/128-longer-timeout",
        what: "raises the timeout for everybody, waits a little, leaves a print, and brings its reproduction test along",
        message: "Give transfers more time\n\n\
                  Uploads of a gigabyte time out on a loaded machine.\n\nFixes #128\n",
        files: &[
            ("client/upload.py", include_str!("../../demo/careless/client/upload.py")),
            ("src/transfer.cpp", include_str!("../../demo/careless/src/transfer.cpp")),
            ("tests/test_large_upload.py", include_str!("../../demo/careless/tests/test_large_upload.py")),
        ],
        verdict: Verdict::Block,
        rules: &["unconditional-timeout", "unconditional-sleep", "debug-print", "test-file"],
    },
    Fix {
        branch: "fix/128-large-transfers",
        what: "gives more time to large transfers, and to nothing else",
        message: "Give large transfers more time\n\n\
                  Uploads of a gigabyte time out on a loaded machine. Everything below 64 MiB keeps its limit.\n\n\
                  Fixes #128\n",
        files: &[("src/transfer.cpp", include_str!("../../demo/careful/src/transfer.cpp"))],
        verdict: Verdict::Pass,
        rules: &[],
    },
];

pub(super) fn run<W: Write>(look: Look, out: &mut Sink<W>) -> Result<u8, Error> {
    let folder = tempfile::tempdir()
        .map_err(|error| Error::new(Kind::Repository, "cannot make a temporary folder").because(error))?;
    write(folder.path())?;
    let say = |text: &str| format!("{}\n", paragraph(text, look));
    out.say(&say(
        "Uploads of a gigabyte time out (issue 128). Two branches of a small project repair that.",
    ))?;
    for (n, fix) in FIXES.iter().enumerate() {
        out.say(&format!("\n{}\n", say(&format!("{}. {} {}:", n + 1, fix.branch, fix.what))))?;
        out.say(&change(fix, look))?;
        let range = format!("main...{}", fix.branch);
        out.say(&format!("\n{}\n\n", command(&range, look)))?;
        let report = check(folder.path(), &CheckOptions::plain(Request::Range(Some(range))))?;
        out.say(&human::report(&report, look, Verbosity::Normal))?;
        out.say(&format!("\nexit code {}\n", exit_code(report.verdict)))?;
        promise(fix, &report)?;
    }
    out.say("\n")?;
    out.say(&say("Both change the same limit. Only the second leaves every other case as it was."))?;
    Ok(0)
}

/// The command as it can be typed, over two lines where one is too narrow.
fn command(range: &str, look: Look) -> String {
    let line = format!("$ fixguard check {range}");
    if line.len() <= look.width { line } else { format!("$ fixguard check \\\n    {range}") }
}

fn write(folder: &Path) -> Result<(), Error> {
    let fixture = Fixture::create(folder)?;
    let message = "Upload payloads to the device\n\nThe first version.\n";
    let main = fixture.commit(&Draft { branch: "main", parent: None, message, files: MAIN })?;
    for fix in FIXES {
        let Fix { branch, message, files, .. } = fix;
        fixture.commit(&Draft { branch, parent: Some(main), message, files })?;
    }
    Ok(())
}

fn change(fix: &Fix, look: Look) -> String {
    let old = |path: &str| MAIN.iter().find(|(p, _)| *p == path).map_or("", |(_, text)| text);
    fix.files.iter().map(|(path, new)| patch::draw(path, old(path), new, look)).collect()
}

/// The demo shows what the program does; when it does something else, the program is broken.
fn promise(fix: &Fix, report: &Report) -> Result<(), Error> {
    let speaks = |rule: &str| report.findings.iter().any(|finding| finding.rule == rule);
    let missing = fix.rules.iter().find(|rule| rule::find(rule).is_some() && !speaks(rule));
    match missing {
        _ if report.verdict != fix.verdict => {
            let (is, should) = (report.verdict.name(), fix.verdict.name());
            Err(broken(format!("the verdict on {} is {is} and should be {should}", fix.branch)))
        }
        Some(rule) => Err(broken(format!("{rule} says nothing about {}", fix.branch))),
        None => Ok(()),
    }
}

fn broken(message: String) -> Error {
    Error::new(Kind::Internal, message).hint("this is a bug in fixguard; please report it")
}

#[cfg(test)]
mod tests {
    use super::{FIXES, change, write};
    use crate::render::Look;
    use crate::terminal::Sink;
    use unicode_width::UnicodeWidthStr as _;

    #[test]
    fn the_project_can_be_written() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        assert!(folder.path().join("HEAD").exists());
    }

    #[test]
    fn a_narrow_terminal_holds_every_line() {
        for width in [40, 60] {
            let mut out = Vec::new();
            super::run(Look { width, ..Look::PLAIN }, &mut Sink::over(&mut out)).unwrap();
            let text = String::from_utf8(out).unwrap();
            let wide: Vec<&str> = text.lines().filter(|line| line.width() > width).collect();
            assert!(text.contains("fixguard: blocked") && wide.is_empty(), "{wide:#?}");
        }
    }

    #[test]
    fn what_a_branch_changes_is_shown() {
        insta::assert_snapshot!(change(&FIXES[0], Look::PLAIN), @r#"
    client/upload.py
     def upload(device, payload):
    +    print(f"DEBUG here: size={len(payload)}")
         reply = device.send(payload, timeout=TIMEOUT_S)
    src/transfer.cpp
     #include <chrono>
    +#include <thread>

    …

    -constexpr auto kTransferTimeout = std::chrono::seconds(30);
    +constexpr auto kTransferTimeout = std::chrono::seconds(300);

    …
       queue_.push(buffer);
    +  std::this_thread::sleep_for(std::chrono::milliseconds(100));
       return device_.write(queue_, kTransferTimeout);
    tests/test_large_upload.py
    +from client.upload import upload
    +
    +
    +def test_large_upload(device):
    +    assert upload(device, bytes(1 << 30)) != 0
    "#);
    }
}
