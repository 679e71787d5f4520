//! The outline on texts as people write them, and on texts that nobody writes.

use std::fmt::Write as _;

use super::{Item, Outline};
use crate::lang::Language;
use crate::text::Lines;

/// Each block of the text as its first words and its lines from 1, members indented below it.
fn drawn(language: Language, text: &str) -> String {
    let lines = Lines::of(text);
    let outline = Outline::of(language, text, &lines);
    let mut out = String::new();
    draw(&outline, &outline.items(), 0, &mut out);
    out
}

fn draw(outline: &Outline<'_>, items: &[Item], depth: usize, out: &mut String) {
    for item in items {
        if let Item::Block(block) = item {
            let (from, to) = (block.lines.start + 1, block.lines.end);
            let name = outline.name(block).unwrap_or("-");
            _ = writeln!(out, "{}{from}-{to} {name}", "  ".repeat(depth));
            if outline.is_container(block) {
                draw(outline, &outline.members(block), depth + 1, out);
            }
        }
    }
}

#[test]
fn functions_of_python_end_where_the_next_statement_begins() {
    let text = r#"import os

@decorated(
    1,
)
def first(
    a,
) -> int:
    """Text
def not_this():
"""
    return a

# Of the constant.
LIMIT = 5

class Second(Base):
    size = 3

    @property
    def width(self):
        return 1
# flush left inside
    async def height(self): return 2
"#;
    insta::assert_snapshot!(drawn(Language::Python, text), @r"
    3-13 first
    17-24 Second
      20-22 width
      24-24 height
    ");
}

#[test]
fn blocks_of_c_end_at_the_bracket_in_their_column() {
    let text = r#"#include <x>
namespace a {
static const int kSize = 3;
int one() { return 1; }

template <typename T>
int two(T a,
        T b) {
  /*
}
  */
#if X
  return R"(
}
)";
#endif
}

class Three : public Base {
 public:
  int four() const {
    return 4;
  }

  int five;
};

TEST_F(Suite, Case)
{
  one();
}
}  // namespace a
"#;
    insta::assert_snapshot!(drawn(Language::Cpp, text), @r"
    6-17 two
    19-26 Three
      21-23 four
    28-31 -
    ");
}

#[test]
fn blocks_of_rust_include_their_attributes() {
    let text = "use a;\n\n#[test]\nfn one() {\n    x();\n}\n\nimpl<T> Two for T\nwhere\n    T: A,\n{\n    fn three(&self) -> u8 {\n        3\n    }\n}\n";
    insta::assert_snapshot!(drawn(Language::Rust, text), @r"
    3-6 one
    8-15 -
      12-14 three
    ");
}

proptest::proptest! {
    /// Whatever the text, its items cover its lines once, in order.
    #[test]
    fn items_cover_the_text(
        lines in proptest::collection::vec(
            proptest::sample::select(vec![
                "", "def f():", "class A {", "  }", "}", "    x;", "\"\"\"", "/*", "*/", "R\"(", ")\";", "@a", "#if 0",
                "namespace b {", "  int g() {", "r#\"", "# c", "\tdef h(", ")",
            ]),
            0..40,
        ),
    ) {
        let text = lines.join("\n");
        for language in Language::ALL {
            let lines = Lines::of(&text);
            let outline = Outline::of(language, &text, &lines);
            let mut at = 0;
            for item in outline.items() {
                proptest::prop_assert_eq!(item.lines().start, at);
                at = item.lines().end;
            }
            proptest::prop_assert_eq!(at, outline.count());
        }
    }
}
