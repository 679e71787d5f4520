//! Code that derails the grammar and is read all the same.

use insta::assert_snapshot;

use super::{facts, statements};
use crate::lang::cpp::mask::mask;

#[test]
fn plain_text_is_not_copied() {
    let text = "class Foo : Bar {}; int x = a[i]->b; T* p = nullptr; if (x) FOO(y) ;";
    assert!(matches!(mask(text), std::borrow::Cow::Borrowed(_)));
}

#[test]
fn annotations() {
    assert_snapshot!(facts(
        "class ARROW_EXPORT Foo : public Base { int x TSA_GUARDED_BY(mu) = 5; };
         struct ALIGNED(8) Bar { int y = 1; };
         ARROW_EXPORT Status Do(int x = 3);
         static ALWI void g() { a(); }
         int h() __attribute__((noinline));"
    ), @r"
    Item Module
      Item Class Foo
        Type Type Base
        Item Binding(Field) x
          Type Type int
          Value Number 5
      Item Class Bar
        Item Binding(Field) y
          Type Type int
          Value Number 1
      Item Other Do
        Argument Binding(Parameter) x
          Type Type int
          Value Number 3
      Item Function g
        Body Block
          Item Call a
    ");
}

#[test]
fn cuda() {
    assert_snapshot!(facts(
        "__global__ void __launch_bounds__(256) kern(float* x) { y(); }
         void f() { kern<<<grid, dim3(2)>>>(a, 5); ns::k<float><<<1, 2>>>(b); }"
    ), @r"
    Item Module
      Item Function kern
        Argument Binding(Parameter) x
          Type Type float
        Body Block
          Item Call y
      Item Function f
        Body Block
          Item Call kern
            Init Name grid
            Init Call dim3
              Argument Number 2
            Argument Name a
            Argument Number 5
          Item Call ns::k
            Init Number 1
            Init Number 2
            Argument Name b
    ");
}

#[test]
fn macros_without_a_semicolon() {
    assert_snapshot!(facts(
        "G_BEGIN_DECLS
SUITE_BEGIN(x)
int f() {
  ZONE(\"x\")
  ONE_MORE(y) // why
  bar();
}
SUITE_END()
"
    ), @r"
    Item Module
      Item Call SUITE_BEGIN
        Argument Name x
      Item Function f
        Body Block
          Item Call ZONE
            Argument String x
          Item Call ONE_MORE
            Argument Name y
          Item Comment(Line) why
          Item Call bar
      Item Call SUITE_END
    ");
}

#[test]
fn lambdas_without_parameters() {
    assert_snapshot!(statements("run([x] mutable { a(); }); run([&] -> int { return 1; }); a[i]->b();"), @r"
    Item Call run
      Argument Lambda
        Body Block
          Item Call a
    Item Call run
      Argument Lambda
        Body Block
          Item Exit(Return)
            Value Number 1
    Item Call b
      Callee Subscript
        Value Name a
        Argument Name i
    ");
}

#[test]
fn declarations_in_arguments() {
    assert_snapshot!(statements(
        "ASSERT_OK_AND_ASSIGN(const auto& x, foo(5)); ASSIGN_OR_RAISE(std::map<int, T<int>> y, foo(6));"
    ), @r"
    Item Call ASSERT_OK_AND_ASSIGN
      Argument Name x
      Argument Call foo
        Argument Number 5
    Item Call ASSIGN_OR_RAISE
      Argument Name y
      Argument Call foo
        Argument Number 6
    ");
}

#[test]
fn other_repairs() {
    assert_snapshot!(facts(
        "#ifdef __cplusplus
extern \"C\" {
#endif
void f(Foo* = nullptr, int a = 5) { printf(\"%\" PRIu64 \"\\n\", a); }
#ifdef __cplusplus
}
#endif
"
    ), @r"
    Item Module
      Item Region ifdef __cplusplus
        Condition Name __cplusplus
      Item Function f
        Argument Binding(Parameter)
          Type Type Foo
          Value Name nullptr
        Argument Binding(Parameter) a
          Type Type int
          Value Number 5
        Body Block
          Item Call printf
            Argument Other
              Item String %
              Item String \n
            Argument Name a
      Item Region ifdef __cplusplus
        Condition Name __cplusplus
    ");
}
