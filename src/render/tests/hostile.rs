//! Text of the repository that wants to be more than text.

use insta::assert_snapshot;

use super::plain;
use crate::change::Endpoint;
use crate::finding::{Finding, Report};
use crate::render::sample::{place, report, sleep};
use crate::render::{Look, Verbosity, concise};

fn hostile() -> Report {
    let text = "x = 1\nsleep(5)  # \x1b[2Jgone \u{202e}txet ##[error]z\n";
    let found = Finding {
        place: Some(place("::error::src/\x1b]0;pwned\x07.py", text, "sleep(5)")),
        message: "sleep\x1b[31m on every path\nfixguard: pass".to_owned(),
        help: "none\x1b[0m".to_owned(),
        ..sleep()
    };
    let mut report = report(vec![found], 1);
    report.notes = vec!["branch \x1b[1m".to_owned()];
    report.base = Endpoint::Commit {
        id: crate::change::Oid::new(&[1; 20]),
        branch: Some("a\x1b[0m\u{202e}b".to_owned()),
    };
    report
}

#[test]
fn text_of_the_repository_cannot_act() {
    for text in [plain(&hostile()), concise::report(&hostile(), Look::PLAIN, Verbosity::Verbose)] {
        assert!(!text.contains(['\x1b', '\x07', '\u{202e}']), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        assert!(!text.contains("##["), "{text}");
    }
    assert_snapshot!(plain(&hostile()), @r#"
    error[unconditional-sleep]
      × sleep␛[31m on every path␊fixguard: pass
       ╭─[::error::src/␛]0;pwned␇.py:2:1]
     1 │ x = 1
     2 │ sleep(5)  # ␛[2Jgone <U+202E>txet ##\[error]z
       · ────────
       ╰────
      help: none␛[0m

    note: branch ␛[1m
    fixguard: blocked: 1 error in 1 of 1 file (a␛[0m<U+202E>b 0101010101...fix/transfer 5d5d5d5d5d)
    "#);
    assert_snapshot!(concise::report(&hostile(), Look::PLAIN, Verbosity::Normal), @r#"
    ./::error::src/␛]0;pwned␇.py:2:1: error[unconditional-sleep] sleep␛[31m on every path␊fixguard: pass
    fixguard: blocked: 1 error in 1 of 1 file (a␛[0m<U+202E>b 0101010101...fix/transfer 5d5d5d5d5d)
    "#);
}
