//! An error that ends a run.

use insta::assert_snapshot;

use crate::error::{Error, Excerpt, Kind};
use crate::render::{Look, failure};

#[test]
fn an_error_says_what_why_where_and_what_to_type() {
    let text = "preset = \"strict-fix\"\n\n[rules.unconditional-slep]\nseverity = \"off\"\n";
    let at = text.find("unconditional-slep").unwrap();
    let error = Error::new(Kind::Config, "there is no rule `unconditional-slep`")
        .because(std::io::Error::other("the cause \x1b[31mof it"))
        .at(Excerpt {
            name: "fixguard.toml".to_owned(),
            text: text.to_owned(),
            span: at..at + "unconditional-slep".len(),
            label: "not in the catalogue".to_owned(),
        })
        .hint("did you mean `unconditional-sleep`?")
        .hint("`fixguard rules` lists them all");
    assert_snapshot!(failure::error(&error, Look::PLAIN), @r#"
     × fixguard: there is no rule `unconditional-slep`
     ╰─▶ the cause ␛[31mof it
      ╭─[fixguard.toml:3:8]
    2 │ 
    3 │ [rules.unconditional-slep]
      ·        ─────────┬────────
      ·                 ╰── not in the catalogue
    4 │ severity = "off"
      ╰────
     help: did you mean `unconditional-sleep`?
           `fixguard rules` lists them all
    "#);
    assert_snapshot!(failure::error(&Error::new(Kind::Usage, "there is no verb `x`"), Look::PLAIN), @"  × fixguard: there is no verb `x`");
}
