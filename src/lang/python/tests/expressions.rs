//! Expressions, strings, comments and odd texts.

use insta::assert_snapshot;

use super::facts;

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
    assert_snapshot!(facts("''\n\"\"\"\"\"\"\nr'a\\'b'\nb\"\"\"x\ny\"\"\"\nf'a{x!r:>{w}}b{f(1)}'\nx = 'a' f'{b}' \"\"\"c\"\"\"\nf\"\"\n"), @r#"
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
