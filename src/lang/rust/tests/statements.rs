//! Control flow, expressions, macros and comments as facts.

#![expect(clippy::too_many_lines, reason = "a snapshot is as long as what it shows")]

use insta::assert_snapshot;

use super::show;

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
