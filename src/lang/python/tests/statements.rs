//! Control flow and small statements.

use insta::assert_snapshot;

use super::facts;

#[test]
fn branches_and_loops() {
    assert_snapshot!(facts(concat!(
        "if a:\n    f()\nelif b:\n    g()\nelif c: h()\nelse:\n    i()\n",
        "while not a.b:\n    break\nelse:\n    k()\nfor i, (j, k) in xs:\n    continue\nelse:\n    pass\n",
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
fn handlers() {
    assert_snapshot!(facts(concat!(
        "try:\n    f()\nexcept (A, m.B) as e:\n    raise X(1) from e\nexcept C:\n    raise\nexcept:\n    pass\nelse:\n    g()\n",
        "finally:\n    h()\ntry:\n    f()\nexcept* E as g:\n    pass\n",
    )), @r#"
    Item Module
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
    "#);
}

#[test]
fn managers_and_aliases() {
    assert_snapshot!(facts(concat!(
        "with (open(x) as f, lock):\n    pass\nwith (open(x)) as f: pass\nwith f() as self.x, g() as d['k']: pass\n",
        "with lock as held: pass\nwith (yield x) as y: pass\n",
    )), @r#"
    Item Module
      Item With
        Subject Call open
          Argument Name x
        Item Binding(Alias) f
        Subject Name lock
        Body Block
          Item Other
      Item With
        Subject Call open
          Argument Name x
        Item Binding(Alias) f
        Body Block
          Item Other
      Item With
        Subject Call f
        Item Binding(Alias) self.x
        Subject Call g
        Item Binding(Alias) k
        Body Block
          Item Other
      Item With
        Subject Name lock
        Item Binding(Alias) held
        Body Block
          Item Other
      Item With
        Subject Exit(Yield)
          Value Name x
        Item Binding(Alias) y
        Body Block
          Item Other
    "#);
}

#[test]
fn small_statements() {
    assert_snapshot!(facts(concat!(
        "del d['a'], x\nglobal y\nfor d[f(i)], *r in xs: pass\nx = yield f()\nyield from g()\nraise\n",
        "class A:\n    def f(self):\n        T = 1\n        x: int = 2\n    T = 2\nB = 3\nif WIN:\n    C = 4\n",
    )), @r#"
    Item Module
      Item Other
        Item Collection
          Item Subscript
            Value Name d
            Argument String a
          Item Name x
      Item Other
      Item Loop(Each)
        Value Subscript
          Value Name d
          Argument Call f
            Argument Name i
        Value Name r
        Subject Name xs
        Body Block
          Item Other
      Item Binding(Assignment) x
        Value Exit(Yield)
          Value Call f
      Item Exit(Yield)
        Value Call g
      Item Exit(Raise)
      Item Class A
        Item Function f
          Argument Binding(Parameter) self
          Body Block
            Item Binding(Assignment) T
              Value Number 1
            Item Binding(Declaration) x
              Type Type int
              Value Number 2
        Item Binding(Field) T
          Value Number 2
      Item Binding(Constant) B
        Value Number 3
      Item If
        Condition Name WIN
        Then Block
          Item Binding(Constant) C
            Value Number 4
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
