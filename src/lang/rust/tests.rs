//! Snippets and the facts they become.

#![expect(clippy::too_many_lines, reason = "a snapshot is as long as what it shows")]

use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;

use super::super::dump::dump;
use super::{Budget, Parsed, Unread};
use crate::fact::Span;

pub(super) const BUDGET: Budget = Budget { steps: 1 << 40, clock: Duration::from_secs(600) };

pub(super) fn read(text: &str) -> Parsed {
    super::parse(&Arc::from(text), BUDGET).expect("reads")
}

fn show(text: &str) -> String {
    let parsed = read(text);
    check(&parsed);
    let gaps: Vec<String> =
        parsed.gaps.iter().map(|g| format!("gap {:?}", parsed.facts.slice(g.span))).collect();
    [vec![dump(&parsed.facts)], gaps].concat().join("\n")
}

/// Children lie inside their parents, starts never go back, names lie inside their facts' text.
pub(super) fn check(parsed: &Parsed) {
    let facts = &parsed.facts;
    let mut last = 0;
    for id in facts.ids() {
        let fact = facts.get(id);
        assert!(
            facts.text().get(fact.span.range()).is_some() && facts.text().get(fact.name.range()).is_some()
        );
        assert!(
            fact.name.is_empty() || fact.span.contains(fact.name),
            "{:?} in {:?}",
            facts.name(id),
            facts.source(id)
        );
        assert!(fact.span.start >= last, "{:?} goes back", facts.source(id));
        last = fact.span.start;
        let parent = fact.parent.map_or(Span::new(0, u32::MAX), |p| facts.get(p).span);
        assert!(parent.contains(fact.span), "{:?} sticks out", facts.source(id));
    }
}

#[test]
fn functions_and_calls() {
    assert_snapshot!(show(
        r#"pub async fn wait(&self, mut n: u64, _: (), (a, b): P) -> u8 {
    std::thread::sleep(Duration::from_secs(5u32));
    self.sock.set(n).await?;
    f(1)(2);
    Vec::<u8>::new();
    <T as X>::y(1);
    a[0].push(b.0.c);
    f(x).y
}"#), @r#"
    Item Module
      Item Function wait
        Argument Binding(Parameter) self
        Argument Binding(Parameter) n
          Type Type u64
        Argument Binding(Parameter) _
          Type Type ()
        Argument Binding(Parameter) a
        Argument Binding(Parameter) b
        Body Block
          Item Call std::thread::sleep
            Argument Call Duration::from_secs
              Argument Number 5u32
          Item Exit(Propagate)
            Value Call self.sock.set
              Argument Name n
          Item Call
            Callee Call f
              Argument Number 1
            Argument Number 2
          Item Call new
            Callee Name Vec
          Item Call y
            Argument Number 1
          Item Call push
            Callee Subscript
              Value Name a
              Argument Number 0
            Argument Name b.0.c
          Item Member y
            Value Call f
              Argument Name x
    "#);
}

#[test]
fn bindings() {
    assert_snapshot!(show(
        r##"const A: u8 = 5;
static B: &str = r#"x"y"#;
fn f() {
    let x: u64 = 5;
    let (a, b) = g();
    let Some(c) = h() else { return; };
    let _ = 1;
    x = 2;
    self.t *= 10;
    *p = 3;
    a[i].len = 4;
    let c = Config { timeout: 5, retries, ..d() };
}
enum E { A = 1, B }
type D = u8;"##), @r#"
    Item Module
      Item Binding(Constant) A
        Type Type u8
        Value Number 5
      Item Binding(Constant) B
        Type Type &str
        Value String x"y
      Item Function f
        Body Block
          Item Binding(Declaration) x
            Type Type u64
            Value Number 5
          Item Other
            Item Binding(Declaration) a
            Item Binding(Declaration) b
            Value Call g
          Item Binding(Declaration) c
            Value Call h
            Else Block
              Item Exit(Return)
          Item Binding(Declaration) _
            Value Number 1
          Item Binding(Assignment) x
            Value Number 2
          Item Binding(Augmented(Mul)) self.t
            Value Number 10
          Item Binding(Assignment) p
            Value Number 3
          Item Binding(Assignment) len
            Left Member len
              Value Subscript
                Value Name a
                Argument Name i
            Value Number 4
          Item Binding(Declaration) c
            Value Collection Config
              Item Binding(Entry) timeout
                Value Number 5
              Item Binding(Entry) retries
                Value Name retries
              Item Call d
      Item Class E
        Item Binding(Constant) A
          Value Number 1
      Item Binding(Alias) D
        Type Type u8
    "#);
}

#[test]
fn control_flow() {
    assert_snapshot!(show(
        r#"fn f() {
    if let Some(x) = g() && x > 1 { a(); } else if b { } else { c() }
    match x { 1 | 2 => 3, Some(n) if n > 0 => { d() } None => {} 'a'..='z' => (), _ => return }
    'l: loop { break 'l 5; }
    while ready() { continue; }
    for (i, x) in 0..10 { -x; !y; }
    unsafe { a as u8 }
    async move { b }.await;
    run(|x: u8, y| x + y);
}"#), @r#"
    Item Module
      Item Function f
        Body Block
          Item If
            Condition Logic(And)
              Left Call g
              Right Binary(Gt)
                Left Name x
                Right Number 1
            Then Block
              Item Call a
            Else If
              Condition Name b
              Then Block
              Else Block
                Item Call c
          Item Switch
            Subject Name x
            Item Case
              Condition Other 1 | 2
              Body Number 3
            Item Case
              Condition Other Some(n)
              Condition Binary(Gt)
                Left Name n
                Right Number 0
              Body Block
                Item Call d
            Item Case
              Condition Name None
              Body Block
            Item Case
              Condition Other 'a'..='z'
              Body Collection
            Item Case
              Body Exit(Return)
          Item Loop(Forever)
            Body Block
              Item Exit(Break)
                Value Number 5
          Item Loop(While)
            Condition Call ready
            Body Block
              Item Exit(Continue)
          Item Loop(Each)
            Value Name i
            Value Name x
            Subject Collection
              Item Number 0
              Item Number 10
            Body Block
              Item Unary(Neg)
                Value Name x
              Item Unary(Not)
                Value Name y
          Item Block
            Item Name a
          Item Block
            Item Name b
          Item Call run
            Argument Lambda
              Argument Binding(Parameter) x
                Type Type u8
              Argument Binding(Parameter) y
              Body Binary(Add)
                Left Name x
                Right Name y
    "#);
}

#[test]
fn attributes_and_modules() {
    assert_snapshot!(show(
        r#"#![allow(x)]
#[cfg(test)]
mod tests {
    #![deny(y)]
    use super::*;
    /// doc
    #[tokio::test(flavor = "m", threads = 2)]
    #[ignore = "slow"]
    async fn t() {
        #![inner]
        #[cfg(all(unix, feature = "x"))] go();
        #[allow(q)] let y = 1;
    }
}
#[derive(Debug)] struct S { #[arg(default_value_t = 30)] timeout: u64, b: u8 }
impl<T> fmt::Display for a::Foo<T> { const N: u8 = 1; fn g(self: Box<Self>) {} }
trait Tr: Send + 'static { fn d(); fn e() { x } }"#), @r#"
    Item Module
      Decorator Decorator allow
        Value Call allow
          Argument Name x
      Item Namespace tests
        Decorator Decorator cfg
          Value Call cfg
            Argument Name test
        Decorator Decorator deny
          Value Call deny
            Argument Name y
        Item Import super::*
        Item Comment(Doc) doc
        Item Function t
          Decorator Decorator tokio::test
            Value Call tokio::test
              Argument Binding(Keyword) flavor
                Value String m
              Argument Binding(Keyword) threads
                Value Number 2
          Decorator Decorator ignore
            Value String slow
          Body Block
            Decorator Decorator inner
            Item Other
              Decorator Decorator cfg
                Value Call cfg
                  Argument Call all
                    Argument Name unix
                    Argument Binding(Keyword) feature
                      Value String x
              Item Call go
            Item Binding(Declaration) y
              Decorator Decorator allow
                Value Call allow
                  Argument Name q
              Value Number 1
      Item Class S
        Decorator Decorator derive
          Value Call derive
            Argument Name Debug
        Item Binding(Field) timeout
          Decorator Decorator arg
            Value Call arg
              Argument Binding(Keyword) default_value_t
                Value Number 30
          Type Type u64
      Item Class a::Foo
        Type Type fmt::Display
        Item Binding(Constant) N
          Type Type u8
          Value Number 1
        Item Function g
          Argument Binding(Parameter) self
          Body Block
      Item Class Tr
        Type Type Send
        Type Type 'static
        Item Function e
          Body Block
            Item Name x
    "#);
}

#[test]
fn imports() {
    assert_snapshot!(show(
        r#"pub use a::b::{c, d::{self, e as f}, g::*};
use ::std::thread::sleep as zzz;
use x;
use {y, z::w};
extern crate core as k;"#), @r#"
    Item Module
      Item Import a::b
        Item Import c
        Item Import d
          Item Import self
          Item Import e
            Item Binding(Alias) f
        Item Import g::*
      Item Import ::std::thread::sleep
        Item Binding(Alias) zzz
      Item Import x
      Item Import
        Item Import y
        Item Import z::w
      Item Import core
        Item Binding(Alias) k
    "#);
}

#[test]
fn macros() {
    assert_snapshot!(show(
        r#"fn f() {
    println!("a {x}", y = 5, z);
    vec![0; 5];
    assert!(matches!(r, Ok(n) if n > 1), "m");
    tokio::select! { _ = tokio::time::sleep(d) => { a() } r = rx.recv() => b(r), }
    json!({"timeout": 5, "n": [1, f()]});
    map!{ "a" => 5, k => g() };
    weird!(fn foo(x) -> call(5) "s");
    none!(struct);
    std::dbg!(a + b);
}
thread_local! { static X: u8 = 1; }
macro_rules! m { ($x:expr) => { sleep($x) } }
cfg_if! { if #[cfg(unix)] { fn a() { sleep(1) } } else { b(); } }"#), @r#"
    Item Module
      Item Function f
        Body Block
          Item Call println!
            Argument String a {x}
            Argument Binding(Keyword) y
              Value Number 5
            Argument Name z
          Item Call vec!
            Argument Number 0
            Argument Number 5
          Item Call assert!
            Argument Call matches!
              Argument Name r
              Argument Other Ok(n)
              Argument Binary(Gt)
                Left Name n
                Right Number 1
            Argument String m
          Item Call tokio::select!
            Argument Binding(Assignment) _
              Value Call tokio::time::sleep
                Argument Name d
            Argument Block
              Item Call a
            Argument Call rx.recv
            Argument Call b
              Argument Name r
          Item Call json!
            Argument Binding(Entry) timeout
              Value Number 5
            Argument Binding(Entry) n
              Value Collection
                Item Number 1
                Item Call f
          Item Call map!
            Argument Binding(Entry) a
              Value Number 5
            Argument Binding(Entry) k
              Value Call g
          Item Call weird!
            Argument Block
              Item Name x
            Argument Call call
              Argument Number 5
            Argument String s
          Item Call none!
          Item Call std::dbg!
            Argument Binary(Add)
              Left Name a
              Right Name b
      Item Call thread_local!
        Argument Block
          Item Binding(Constant) X
            Type Type u8
            Value Number 1
      Item Other m
      Item Call cfg_if!
        Argument Block
          Item Call cfg
            Argument Name unix
        Argument Block
          Item Function a
            Body Block
              Item Call sleep
                Argument Number 1
        Argument Block
          Item Call b
    "#);
}

#[test]
fn comments() {
    assert_snapshot!(show(
        r##"//! module

/// doc
fn f() { // one
    /* two */ g(/* three */);
    //// four
    let s = "// no"; let c = '"'; let l: &'a str = r#"/* "no */"#; // five
    /* a /* nested */ b */
    /** six */
}
// end
//"##), @r#"
    Item Module
      Item Comment(Doc) module
      Item Comment(Doc) doc
      Item Function f
        Body Block
          Item Comment(Line) one
          Item Comment(Block) two
          Item Call g
            Item Comment(Block) three
          Item Comment(Line) four
          Item Binding(Declaration) s
            Value String // no
          Item Binding(Declaration) c
            Value String "
          Item Binding(Declaration) l
            Type Type &'a str
            Value String /* "no */
          Item Comment(Line) five
          Item Comment(Block) a /* nested */ b
          Item Comment(Doc) six
      Item Comment(Line) end
      Item Comment(Line)
    "#);
}

#[test]
fn expressions() {
    assert_snapshot!(show(
        r#"fn f() {
    a && b || !c;
    x = 1.5e3 + b'c' - "s" * c"t";
    (1, [2, 3], ());
    t.0.1;
    (self.f)(1);
    foo
        .bar(1)
        .baz::<u8>(2);
    &mut *x;
    return true;
    x?.y;
    (a, b) = (b, a);
}"#), @r#"
    Item Module
      Item Function f
        Body Block
          Item Logic(Or)
            Left Logic(And)
              Left Name a
              Right Name b
            Right Unary(Not)
              Value Name c
          Item Binding(Assignment) x
            Value Binary(Sub)
              Left Binary(Add)
                Left Number 1.5e3
                Right String c
              Right Binary(Mul)
                Left String s
                Right String t
          Item Collection
            Item Number 1
            Item Collection
              Item Number 2
              Item Number 3
            Item Collection
          Item Name t.0.1
          Item Call self.f
            Argument Number 1
          Item Call baz
            Callee Call bar
              Callee Name foo
              Argument Number 1
            Argument Number 2
          Item Unary(Deref)
            Value Name x
          Item Exit(Return)
            Value Name true
          Item Member y
            Value Exit(Propagate)
              Value Name x
          Item Binding(Assignment)
            Left Collection
              Item Name a
              Item Name b
            Value Collection
              Item Name b
              Item Name a
    "#);
}

#[test]
fn spans_are_bytes_of_the_original() {
    assert_snapshot!(show("\u{feff}#!/usr/bin/env run\r\n// é\r\nfn ü() {\r\n    print(\"héé\"); /* ☃ */\r\n    x.ñ(1);\r\n}\r\n"), @r#"
    Item Module
      Item Comment(Line) é
      Item Function ü
        Body Block
          Item Call print
            Argument String héé
          Item Comment(Block) ☃
          Item Call x.ñ
            Argument Number 1
    "#);
}

#[test]
fn a_syntax_error_costs_one_statement() {
    assert_snapshot!(show(
        r#"fn a() { x(); }
#[cfg(test)]
mod m {
    impl<T> Tr for Foo<T> {
        #[inline]
        fn b(n: u8) { y(); let = 5; z() }
        fn c() {}
    }
}
gen gen fn d() { w(); }
@@ junk;
fn e() {}"#), @r#"
    Item Module
      Item Function a
        Body Block
          Item Call x
      Item Namespace m
        Decorator Decorator cfg
          Value Call cfg
            Argument Name test
        Item Class Foo
          Item Function b
            Decorator Decorator inline
            Argument Binding(Parameter) n
              Type Type u8
            Body Block
              Item Call y
              Item Call z
          Item Function c
            Body Block
      Item Function d
        Body Block
          Item Call w
      Item Function e
        Body Block
    gap "let = 5;"
    gap "gen gen fn d() "
    gap "@@ junk;"
    "#);
}

#[test]
fn a_merge_conflict_leaves_both_sides() {
    assert_snapshot!(show(
        r#"fn a() {
<<<<<<< HEAD
    x();
=======
    y();
>>>>>>> it's
}
"#), @r#"
    Item Module
      Item Function a
        Body Block
          Item Call x
          Item Call y
    gap "<<<<<<< HEAD"
    gap "======="
    gap ">>>>>>> it's"
    "#);
    assert_snapshot!(show(
        r#"<<<<<<< HEAD
fn a() {
    x();
=======
fn b() {
    y();
>>>>>>> other
}
"#), @r#"
    Item Module
      Item Function a
        Body Block
          Item Call x
    gap "<<<<<<< HEAD"
    gap "=======\nfn b() {\n    y();\n>>>>>>> other"
    "#);
}

#[test]
fn what_does_not_lex_says_where() {
    let why = |text: &str| match super::parse(&Arc::from(text), BUDGET) {
        Err(Unread::Unparsable { why }) => why,
        other => panic!("{other:?}"),
    };
    assert_snapshot!(why("fn f() {\n    g(;\n}\n"), @r#"
    line 3, column 1: brackets or quotes do not pair up
    "#);
    assert_snapshot!(why("fn f() {\n"), @r#"
    line 1, column 8: brackets or quotes do not pair up
    "#);
    assert_snapshot!(why("// é\nlet x = \"abc"), @r#"
    line 2, column 9: brackets or quotes do not pair up
    "#);
}

#[test]
fn a_cargo_script_keeps_its_offsets() {
    assert_snapshot!(show(
        r#"#!/usr/bin/env cargo
---
[dependencies]
x = '1'
---
fn main() {}
"#), @r#"
    Item Module
      Item Function main
        Body Block
    "#);
}
