//! Snippets and the facts they become, and what must hold for any text.

use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::parse;
use crate::fact::Facts;
use crate::lang::dump::dump;
use crate::lang::{Budget, Parsed};

fn read(text: &str) -> Parsed {
    parse(&Arc::from(text), Budget { steps: u64::MAX, clock: Duration::from_secs(600) }).unwrap()
}

fn facts(text: &str) -> String {
    let read = read(text);
    assert!(read.gaps.is_empty(), "{:?}", read.gaps);
    dump(&read.facts)
}

fn assert_sane(facts: &Facts) {
    let mut start = 0;
    for id in facts.ids() {
        let fact = facts.get(id);
        assert!(fact.span.start >= start, "{:?} starts before what precedes it", fact);
        start = fact.span.start;
        assert!(facts.text().get(fact.span.range()).is_some());
        assert!(fact.name.is_empty() || fact.span.contains(fact.name), "{:?}", fact);
        if let Some(parent) = fact.parent {
            assert!(facts.get(parent).span.contains(fact.span), "{:?} in {:?}", fact, facts.get(parent));
        }
    }
}

#[test]
fn definitions() {
    assert_snapshot!(facts(concat!(
        "@pytest.mark.skip\n@timeout(60)\n@f(1).g\nasync def test(a, b: int, c=1, *args, d: str = 'x', **kw) -> None:\n",
        "    '''Doc.'''\n    pass\n@dec\nclass A(Base, metaclass=M):\n    x = 1\n    y: int = 2\n    z: str\n",
        "    if WIN:\n        w = 3\n    p, q = 1, 2\n    def m(self): ...\nf = lambda x, *y, z=1: x + z\n",
    )), @r#"
    Item Module
      Item Function test
        Decorator Decorator pytest.mark.skip
        Decorator Decorator timeout
          Value Call timeout
            Argument Number 60
        Decorator Decorator g
          Value Member g
            Value Call f
              Argument Number 1
        Argument Binding(Parameter) a
        Argument Binding(Parameter) b
          Type Type int
        Argument Binding(Parameter) c
          Value Number 1
        Argument Binding(Parameter) args
        Argument Binding(Parameter) d
          Type Type str
          Value String x
        Argument Binding(Parameter) kw
        Type Type None
        Body Block
          Item String Doc.
          Item Other
      Item Class A
        Decorator Decorator dec
        Type Type Base
        Argument Binding(Keyword) metaclass
          Value Name M
        Item Binding(Field) x
          Value Number 1
        Item Binding(Field) y
          Type Type int
          Value Number 2
        Item Binding(Field) z
          Type Type str
        Item If
          Condition Name WIN
          Then Block
            Item Binding(Field) w
              Value Number 3
        Item Other
          Item Binding(Field) p
          Item Binding(Field) q
          Value Collection
            Item Number 1
            Item Number 2
        Item Function m
          Argument Binding(Parameter) self
          Body Block
            Item Other
      Item Binding(Assignment) f
        Value Lambda
          Argument Binding(Parameter) x
          Argument Binding(Parameter) y
          Argument Binding(Parameter) z
            Value Number 1
          Body Binary(Add)
            Left Name x
            Right Name z
    "#);
}

#[test]
fn bindings() {
    assert_snapshot!(facts(concat!(
        "TIMEOUT = 5\nlimit: float = 1.5\nA: int = 2\nself.x = 5\nd['timeout'] = 5\nd[i] = 5\nf(x).t = 5\n",
        "get(1)['k'] = 5\nx += 2\na, (b, *c) = f()\na, b = 1, 2\na = b = 5\nif (n := g()): pass\n",
        "a, d['k'], self.z = xs\ntype T = int\nx = 1, 2\ndef f():\n    LIMIT = 5\n    y: int = 3\n",
    )), @r#"
    Item Module
      Item Binding(Constant) TIMEOUT
        Value Number 5
      Item Binding(Declaration) limit
        Type Type float
        Value Number 1.5
      Item Binding(Constant) A
        Type Type int
        Value Number 2
      Item Binding(Assignment) self.x
        Value Number 5
      Item Binding(Entry) timeout
        Subject Name d
        Value Number 5
      Item Binding(Assignment) d[i]
        Subject Name d
        Subject Name i
        Value Number 5
      Item Binding(Assignment) t
        Subject Call f
          Argument Name x
        Value Number 5
      Item Binding(Entry) k
        Subject Call get
          Argument Number 1
        Value Number 5
      Item Binding(Augmented(Add)) x
        Value Number 2
      Item Other
        Item Binding(Assignment) a
        Item Binding(Assignment) b
        Item Binding(Assignment) c
        Value Call f
      Item Other
        Item Binding(Assignment) a
        Item Binding(Assignment) b
        Value Collection
          Item Number 1
          Item Number 2
      Item Binding(Assignment) a
        Value Binding(Assignment) b
          Value Number 5
      Item If
        Condition Binding(Assignment) n
          Value Call g
        Then Block
          Item Other
      Item Other
        Item Binding(Assignment) a
        Item Binding(Entry) k
          Subject Name d
        Item Binding(Assignment) self.z
        Value Name xs
      Item Binding(Alias) T
        Type Type int
      Item Binding(Assignment) x
        Value Collection
          Item Number 1
          Item Number 2
      Item Function f
        Body Block
          Item Binding(Assignment) LIMIT
            Value Number 5
          Item Binding(Declaration) y
            Type Type int
            Value Number 3
    "#);
}

#[test]
fn calls() {
    assert_snapshot!(facts(concat!(
        "a.b.c(1, k=2, *xs, **kw)\nf(x).result(5)\nf(x)(y)\nh['k'](1)\n(a.b)(1)\n",
        "f(x).y\n(a\n .b(1)\n .c())\nassert x == 1, 'msg'\nsum(x for x in y)\nawait q.get()\n",
    )), @r#"
    Item Module
      Item Call a.b.c
        Argument Number 1
        Argument Binding(Keyword) k
          Value Number 2
        Argument Unary(Other)
          Value Name xs
        Argument Unary(Other)
          Value Name kw
      Item Call result
        Callee Call f
          Argument Name x
        Argument Number 5
      Item Call
        Callee Call f
          Argument Name x
        Argument Name y
      Item Call
        Callee Subscript
          Value Name h
          Argument String k
        Argument Number 1
      Item Call
        Callee Name a.b
        Argument Number 1
      Item Member y
        Value Call f
          Argument Name x
      Item Call c
        Callee Call b
          Callee Name a
          Argument Number 1
      Item Call assert
        Argument Binary(Eq)
          Left Name x
          Right Number 1
        Argument String msg
      Item Call sum
        Argument Comprehension
          Value Name x
          Subject Name y
      Item Call q.get
    "#);
}

#[test]
fn control_flow() {
    assert_snapshot!(facts(concat!(
        "if a:\n    f()\nelif b:\n    g()\nelif c: h()\nelse:\n    i()\n",
        "while not a.b:\n    break\nelse:\n    k()\nfor i, (j, k) in xs:\n    continue\nelse:\n    pass\n",
        "try:\n    f()\nexcept (A, m.B) as e:\n    raise X(1) from e\nexcept C:\n    raise\nexcept:\n    pass\nelse:\n    g()\n",
        "finally:\n    h()\ntry:\n    f()\nexcept* E as g:\n    pass\n",
        "async def f():\n    async with a(1) as b, c:\n        return 1, 2\n    with open(x) as (p, q): yield\n    async for x in y: yield x\n",
    )), @r#"
    Item Module
      Item If
        Condition Name a
        Then Block
          Item Call f
        Else If
          Condition Name b
          Then Block
            Item Call g
        Else If
          Condition Name c
          Then Block
            Item Call h
        Else Block
          Item Call i
      Item Loop(While)
        Condition Unary(Not)
          Value Name a.b
        Body Block
          Item Exit(Break)
        Else Block
          Item Call k
      Item Loop(Each)
        Value Name i
        Value Name j
        Value Name k
        Subject Name xs
        Body Block
          Item Exit(Continue)
        Else Block
          Item Other
      Item Try
        Body Block
          Item Call f
        Item Handler
          Type Type A
          Type Type m.B
          Body Block
            Item Exit(Raise)
              Value Call X
                Argument Number 1
              Argument Name e
        Item Handler
          Type Type C
          Body Block
            Item Exit(Raise)
        Item Handler
          Body Block
            Item Other
        Else Block
          Item Call g
        Finally Block
          Item Call h
      Item Try
        Body Block
          Item Call f
        Item Handler
          Type Type E
          Body Block
            Item Other
      Item Function f
        Body Block
          Item With
            Subject Call a
              Argument Number 1
            Item Binding(Alias) b
            Subject Name c
            Body Block
              Item Exit(Return)
                Value Collection
                  Item Number 1
                  Item Number 2
          Item With
            Subject Call open
              Argument Name x
            Item Binding(Alias) p
            Item Binding(Alias) q
            Body Block
              Item Exit(Yield)
          Item Loop(Each)
            Value Name x
            Subject Name y
            Body Block
              Item Exit(Yield)
                Value Name x
    "#);
}

#[test]
fn matching() {
    assert_snapshot!(facts(concat!(
        "match f(x):\n    case 1 | 2:\n        a()\n    case Point(x=0, y=z) as p if p > 1: b()\n    case {'k': v, **rest}: c()\n",
        "    case [a, *_]: d()\n    case -1: e()\n    case m.X: f()\n    case _ if g: h()\n    case _:\n        pass\n",
    )), @r#"
    Item Module
      Item Switch
        Subject Call f
          Argument Name x
        Item Case
          Condition Other
            Item Number 1
            Item Number 2
          Body Block
            Item Call a
        Item Case
          Condition Other
            Item Name Point
            Item Number 0
            Item Name z
          Condition Binary(Gt)
            Left Name p
            Right Number 1
          Body Block
            Item Call b
        Item Case
          Condition Other
            Item String k
            Item Name v
          Body Block
            Item Call c
        Item Case
          Condition Collection
            Item Name a
          Body Block
            Item Call d
        Item Case
          Condition Number 1
          Body Block
            Item Call e
        Item Case
          Condition Name m.X
          Body Block
            Item Call f
        Item Case
          Condition Name g
          Body Block
            Item Call h
        Item Case
          Body Block
            Item Other
    "#);
}

#[test]
fn expressions() {
    assert_snapshot!(facts(concat!(
        "x = a if b else c\nx = a and b or not c\na < b <= c\na not in b\na is not None\n-1 ** 2 // ~x\n",
        "[x for x in f(y) if x if z]\n{k: v for k, v in d}\n{'timeout': 5, K: 6, **rest}\n[1, *xs]\n{1, (2, 3)}\na[1:2, ..., i]\n",
    )), @r#"
    Item Module
      Item Binding(Assignment) x
        Value Ternary
          Then Name a
          Condition Name b
          Else Name c
      Item Binding(Assignment) x
        Value Logic(Or)
          Left Logic(And)
            Left Name a
            Right Name b
          Right Unary(Not)
            Value Name c
      Item Binary(Lt)
        Left Name a
        Right Name b
        Right Name c
      Item Binary(NotIn)
        Left Name a
        Right Name b
      Item Binary(IsNot)
        Left Name a
        Right Name None
      Item Binary(FloorDiv)
        Left Unary(Neg)
          Value Binary(Pow)
            Left Number 1
            Right Number 2
        Right Unary(BitNot)
          Value Name x
      Item Comprehension
        Value Name x
        Subject Call f
          Argument Name y
        Condition Name x
        Condition Name z
      Item Comprehension
        Value Binding(Entry)
          Subject Name k
          Value Name v
        Subject Name d
      Item Collection
        Item Binding(Entry) timeout
          Value Number 5
        Item Binding(Entry)
          Subject Name K
          Value Number 6
        Item Name rest
      Item Collection
        Item Number 1
        Item Name xs
      Item Collection
        Item Number 1
        Item Collection
          Item Number 2
          Item Number 3
      Item Subscript
        Value Name a
        Argument Other
          Item Number 1
          Item Number 2
        Argument Other
        Argument Name i
    "#);
}

#[test]
fn strings() {
    assert_snapshot!(facts(concat!(
        "''\n\"\"\"\"\"\"\nr'a\\'b'\nb\"\"\"x\ny\"\"\"\nf'a{x!r:>{w}}b{f(1)}'\nx = 'a' f'{b}' \"\"\"c\"\"\"\nf\"\"\n",
    )), @r#"
    Item Module
      Item String
      Item String
      Item String a\'b
      Item String x\ny
      Item String a{x!r:>{w}}b{f(1)}
        Value Name x
        Value Name w
        Value Call f
          Argument Number 1
      Item Binding(Assignment) x
        Value String a' f'{b}' """c
          Value Name b
      Item String
    "#);
}

#[test]
fn imports() {
    assert_snapshot!(facts(concat!(
        "import a.b, c as d\nfrom a.b import c as d, e\nfrom . import x\nfrom ..y import *\n",
        "from __future__ import (annotations, division as e)\n",
    )), @r#"
    Item Module
      Item Import a.b
      Item Import c
        Item Binding(Alias) d
      Item Import a.b
        Item Import c
          Item Binding(Alias) d
        Item Import e
      Item Import .
        Item Import x
      Item Import ..y
        Item Import *
      Item Import __future__
        Item Import annotations
        Item Import division
          Item Binding(Alias) e
    "#);
}

#[test]
fn python_2() {
    assert_snapshot!(facts(concat!(
        "print 'x', y\nprint >>sys.stderr, 'x'\nprint('x')\nexec 'code' in ns\ntry: pass\nexcept E, e: raise E, 'x'\n",
        "def f(a, (b, c)): return 0777L <> 1\n`x` 'y'\n",
    )), @r#"
    Item Module
      Item Call print
        Argument String x
        Argument Name y
      Item Call print
        Argument Binding(Keyword) >>
          Value Name sys.stderr
        Argument String x
      Item Call print
        Argument String x
      Item Call exec
        Argument String code
        Argument Name ns
      Item Try
        Body Block
          Item Other
        Item Handler
          Type Type E
          Body Block
            Item Exit(Raise)
              Value Collection
                Item Name E
                Item String x
      Item Function f
        Argument Binding(Parameter) a
        Argument Binding(Parameter) (b, c)
        Body Block
          Item Exit(Return)
            Value Binary(Ne)
              Left Number 0777L
              Right Number 1
      Item String x` 'y
    "#);
}

#[test]
fn comments() {
    assert_snapshot!(facts(concat!(
        "# top\r\n@a  # one\r\n# two\r\ndef f(a,  # three\r\n      b):\r\n    # four\r\n    g(1,  # five\r\n      2)\r\n    # six\r\n",
        "x = (a  # seven\n  if b else  # eight\n  c)\nif a:\n    b\n# nine\nelse:  # ten\n    c\n",
    )), @r#"
    Item Module
      Item Comment(Line)  top
      Item Function f
        Decorator Decorator a
          Item Comment(Line)  one
        Item Comment(Line)  two
        Argument Binding(Parameter) a
        Item Comment(Line)  three
        Argument Binding(Parameter) b
        Item Comment(Line)  four
        Body Block
          Item Call g
            Argument Number 1
            Item Comment(Line)  five
            Argument Number 2
          Item Comment(Line)  six
      Item Binding(Assignment) x
        Value Ternary
          Then Name a
          Item Comment(Line)  seven
          Condition Name b
          Item Comment(Line)  eight
          Else Name c
      Item If
        Condition Name a
        Then Block
          Item Name b
        Item Comment(Line)  nine
        Item Comment(Line)  ten
        Else Block
          Item Name c
    "#);
}

#[test]
fn odd_texts() {
    assert_snapshot!(facts(""), @"Item Module");
    assert_snapshot!(facts("\u{feff}x = 1\n"), @r#"
    Item Module
      Item Binding(Assignment) x
        Value Number 1
    "#);
    assert_snapshot!(facts("\x0cdef f():\n\tif x:\n\t\treturn 1\n"), @r#"
    Item Module
      Item Function f
        Body Block
          Item If
            Condition Name x
            Then Block
              Item Exit(Return)
                Value Number 1
    "#);
    assert_snapshot!(facts("if __name__ == \"__main__\":\n    main()\n"), @r#"
    Item Module
      Item If
        Condition Binary(Eq)
          Left Name __name__
          Right String __main__
        Then Block
          Item Call main
    "#);
}

#[test]
fn broken_texts_keep_their_facts_and_say_where_they_are_broken() {
    let read = read("def f(:\n    time.sleep(5)\nx = = 5\ntime.sleep(6)\n");
    assert!(!read.gaps.is_empty());
    let dumped = dump(&read.facts);
    assert!(dumped.contains("Call time.sleep"), "{dumped}");
    assert_sane(&read.facts);
}

#[test]
fn depth_and_width_cost_no_stack_and_no_square() {
    let deep = 100_000;
    let texts = [
        "(".repeat(deep) + &")".repeat(deep),
        "[".repeat(deep),
        "x".to_owned() + &".a".repeat(deep),
        "f()".to_owned() + &".a".repeat(deep),
        "f".to_owned() + &"(1)".repeat(deep),
        "a = ".repeat(deep) + "1",
        "1".to_owned() + &" + 1".repeat(deep),
        "a".to_owned() + &" < a".repeat(deep),
        "x = ".to_owned() + &"a if b else ".repeat(deep) + "c",
        "f(".to_owned() + &"1,".repeat(deep) + ")",
        "x = ".to_owned() + &"'a' ".repeat(deep),
        "x = f'".to_owned() + &"{a}".repeat(deep) + "'",
        "d".to_owned() + &"['a']".repeat(deep) + " = 5",
        "def f():\n pass\n".repeat(deep / 10),
    ];
    for text in texts {
        assert_sane(&read(&text).facts);
    }
}

const WORDS: &str = "def f(|):\n|class A|:|\n|\n    |\n        |(|)|[|]|{|}|x|a.b|'s'|f'{|}'|\"\"\"|=| = |:=|,|*|**|@|if |else|\
    elif |try:|except | as |with |for | in |not |lambda |import |from |match x:\n|case |_|1|# c\n|\\\n|;|print |assert |\
    raise |async |await |yield |return |pass|...|-|<|\r\n|\t|\x0c|é|\u{feff}|exec |>>";

fn snippet() -> impl Strategy<Value = String> {
    let words: Vec<&str> = WORDS.split('|').collect();
    prop::collection::vec(prop::sample::select(words), 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_text_gives_a_sane_tree(text in any::<String>()) {
        assert_sane(&read(&text).facts);
    }

    #[test]
    fn any_mix_of_words_gives_a_sane_tree(text in snippet()) {
        assert_sane(&read(&text).facts);
    }
}
