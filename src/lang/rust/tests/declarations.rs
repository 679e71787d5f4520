//! Functions, bindings, attributes, modules and imports as facts.

#![expect(clippy::too_many_lines, reason = "a snapshot is as long as what it shows")]

use insta::assert_snapshot;

use super::show;

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
