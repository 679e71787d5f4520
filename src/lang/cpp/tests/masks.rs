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
fn operators_as_arguments() {
    assert_snapshot!(facts("COMPARE(equal, ==)\nCOMPARE(less, <)\nCOMPARE(sum, +=);\nint f() { return 1; }\n"), @r#"
    Item Module
      Item Call COMPARE
        Argument Name equal
        Argument Name ==
      Item Call COMPARE
        Argument Name less
        Argument Name <
      Item Call COMPARE
        Argument Name sum
        Argument Name +=
      Item Function f
        Body Block
          Item Exit(Return)
            Value Number 1
    "#);
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

#[test]
fn macros_in_a_class() {
    assert_snapshot!(facts(
        "class EXPORT Foo FINAL : Base {
           SUPPRESS
           DEPRECATED(\"use (other) \"
                      \"functions\")
           ::ns::T f(int x = 3) NOEXCEPT;
           enum : int { A = 1 };
           REGISTER(foo)
         };"
    ), @r#"
    Item Module
      Item Class Foo
        Type Type Base
        Item Call DEPRECATED
          Argument String use (other) "\n                      "functions
        Item Other f
          Argument Binding(Parameter) x
            Type Type int
            Value Number 3
        Item Class
          Item Binding(Constant) A
            Value Number 1
        Item Call REGISTER
          Argument Name foo
    "#);
}

#[test]
fn factors_are_no_types() {
    assert_snapshot!(statements(
        "EXPECT_EQ(*p, 0); EXPECT_EQ(2 * n, m); RETURN_IF(a > b, c); CHECK_EQ(new T, x); CONVERT(const T x, y);"
    ), @r"
    Item Call EXPECT_EQ
      Argument Unary(Deref)
        Value Name p
      Argument Number 0
    Item Call EXPECT_EQ
      Argument Binary(Mul)
        Left Number 2
        Right Name n
      Argument Name m
    Item Call RETURN_IF
      Argument Binary(Gt)
        Left Name a
        Right Name b
      Argument Name c
    Item Call CHECK_EQ
      Argument Call T
      Argument Name x
    Item Call CONVERT
      Argument Name x
      Argument Name y
    ");
}

#[test]
fn types_among_arguments() {
    assert_snapshot!(facts(
        "REGISTER(Foo, int, 5)
         void g(void*, int) { n = va_arg(ap, int); m = make(struct T, 1); o = make(char *, 2); }
         auto h = static_cast<void (T::*)(int)>(&f);
         int i = run(typename T::type(0));"
    ), @r"
    Item Module
      Item Call REGISTER
        Argument Name Foo
        Argument Name int
        Argument Number 5
      Item Function g
        Argument Binding(Parameter)
          Type Type void
        Argument Binding(Parameter)
          Type Type int
        Body Block
          Item Binding(Assignment) n
            Value Call va_arg
              Argument Name ap
              Argument Name int
          Item Binding(Assignment) m
            Value Call make
              Argument Name T
              Argument Number 1
          Item Binding(Assignment) o
            Value Call make
              Argument Name char
              Argument Number 2
      Item Binding(Declaration) h
        Type Type auto
        Value Unary(AddressOf)
          Value Name f
      Item Binding(Declaration) i
        Type Type int
        Value Call run
          Argument Call T::type
            Argument Number 0
    ");
}

#[test]
fn operators_that_are_called() {
    assert_snapshot!(facts(
        "bool T::operator()(int x) const { it.operator->(); f->operator()(1); (a->*b)(2); return operator()(3); }"
    ), @r"
    Item Module
      Item Function T::operator()
        Argument Binding(Parameter) x
          Type Type int
        Body Block
          Item Call it.operator->
          Item Call f->operator()
            Argument Number 1
          Item Call
            Callee Name a->*b
            Argument Number 2
          Item Exit(Return)
            Value Call operator()
              Argument Number 3
    ");
}

#[test]
fn templates_and_strings() {
    assert_snapshot!(facts(
        "template <typename T, int N = 2> NOINLINE void f(T t) { log(\"a\" NAME \"b\"); }
         extern template EXPORT void f<int, 2>(int);
         #if __has_include(<optional>)
         #endif"
    ), @r"
    Item Module
      Item Function f
        Argument Binding(Parameter) t
          Type Type T
        Body Block
          Item Call log
            Argument Binary(Add)
              Left Binary(Add)
                Left String a
                Right Name NAME
              Right String b
      Item Region if __has_include(<optional>)
        Condition Call __has_include
          Argument Name <optional>
    ");
}

#[test]
fn every_mask_keeps_the_length() {
    let text = "TEST_CASE(\"\u{e4}\", \"b\") {} class A_B C : D {}; k<<<1, 2>>>(x); f(T x = {1});";
    let masked = mask(text);
    assert_ne!(masked, text);
    assert_eq!(masked.len(), text.len());
}
