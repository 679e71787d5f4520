//! Definitions, bindings and imports.

use insta::assert_snapshot;

use super::facts;

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
        "type T = int\nx = 1, 2\ndef f():\n    LIMIT = 5\n    y: int = 3\n",
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
fn several_targets() {
    assert_snapshot!(facts("get(1)['k'] = 5\nx += 2\na, (b, *c) = f()\na, b = 1, 2\na = b = 5\nif (n := g()): pass\na, d['k'], self.z = xs\n"), @r#"
    Item Module
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
