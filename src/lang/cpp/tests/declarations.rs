//! Functions, variables, members, classes, the preprocessor.

use insta::assert_snapshot;

use super::{facts, statements};

#[test]
fn variables() {
    assert_snapshot!(statements(
        "auto x = base * 10;
         std::chrono::seconds t{5};
         std::chrono::seconds u(5);
         int a = 1, *b = nullptr, c;
         auto& [k, v] = pair();
         std::mutex m;"
    ), @r"
    Item Binding(Declaration) x
      Type Type auto
      Value Binary(Mul)
        Left Name base
        Right Number 10
    Item Binding(Declaration) t
      Type Type std::chrono::seconds
      Value Collection
        Item Number 5
    Item Binding(Declaration) u
      Type Type std::chrono::seconds
      Value Collection
        Item Number 5
    Item Binding(Declaration) a
      Value Number 1
    Item Binding(Declaration) b
      Value Name nullptr
    Item Binding(Declaration) c
    Item Binding(Declaration) k
    Item Binding(Declaration) v
    Item Call pair
    Item Binding(Declaration) m
      Type Type std::mutex
    ");
}

#[test]
fn constants() {
    assert_snapshot!(facts(
        "static const int k = 5;
         constexpr auto kT = 5s;
         const char* p = \"x\";
         const char* const q = \"x\";
         enum class E : int { A, B = 1 << 3 };"
    ), @r"
    Item Module
      Item Binding(Constant) k
        Type Type int
        Value Number 5
      Item Binding(Constant) kT
        Type Type auto
        Value Number 5s
      Item Binding(Declaration) p
        Type Type char
        Value String x
      Item Binding(Constant) q
        Type Type char
        Value String x
      Item Class E
        Type Type int
        Item Binding(Constant) A
        Item Binding(Constant) B
          Value Binary(Shl)
            Left Number 1
            Right Number 3
    ");
}

#[test]
fn a_variable_that_reads_like_a_function() {
    assert_snapshot!(statements(
        "std::lock_guard<std::mutex> lock(mutex_);
         T b(std::chrono::seconds(n), get());
         T c(a * b);
         T* d(nullptr);
         int local(int);"
    ), @r"
    Item Binding(Declaration) lock
      Type Type std::lock_guard<std::mutex>
      Value Collection
        Item Name mutex_
    Item Binding(Declaration) b
      Type Type T
      Value Collection
        Item Call std::chrono::seconds
          Argument Name n
        Item Call get
    Item Binding(Declaration) c
      Type Type T
      Value Collection
        Item Binary(Mul)
          Left Name a
          Right Name b
    Item Binding(Declaration) d
      Type Type T
      Value Collection
        Item Name nullptr
    ");
}

#[test]
fn functions_and_parameters() {
    assert_snapshot!(facts(
        "void Foo::bar(int timeout_ms, Foo&& x = {1}, void (*cb)(int y)) noexcept;
         template <typename T> T* ns::tf(T t, int) { return t; }
         Foo Foo::operator+(int x) const { return x; }
         Foo::operator bool() const { return true; }
         [[nodiscard]] int attr(void) { return 1; }
         extern \"C\" { void cf() { x(); } }"
    ), @r"
    Item Module
      Item Other Foo::bar
        Argument Binding(Parameter) timeout_ms
          Type Type int
        Argument Binding(Parameter) x
          Type Type Foo
          Value Collection
            Item Number 1
        Argument Binding(Parameter) cb
          Type Type void
      Item Function ns::tf
        Argument Binding(Parameter) t
          Type Type T
        Argument Binding(Parameter)
          Type Type int
        Body Block
          Item Exit(Return)
            Value Name t
      Item Function Foo::operator+
        Argument Binding(Parameter) x
          Type Type int
        Body Block
          Item Exit(Return)
            Value Name x
      Item Function Foo::operator bool
        Body Block
          Item Exit(Return)
            Value Name true
      Item Function attr
        Decorator Decorator nodiscard
        Body Block
          Item Exit(Return)
            Value Number 1
      Item Function cf
        Body Block
          Item Call x
    ");
}

#[test]
fn constructors() {
    assert_snapshot!(facts(
        "Foo::Foo(int a) : Base(a), timeout_{5} { f(); }
         Foo::~Foo() = default;
         Foo::Foo() try : x(1) { } catch (const E& e) { } catch (...) { }"
    ), @r"
    Item Module
      Item Function Foo::Foo
        Argument Binding(Parameter) a
          Type Type int
        Init Binding(Field) Base
          Value Collection
            Item Name a
        Init Binding(Field) timeout_
          Value Collection
            Item Number 5
        Body Block
          Item Call f
      Item Function Foo::Foo
        Body Try
          Init Binding(Field) x
            Value Collection
              Item Number 1
          Body Block
          Item Handler
            Type Type E
            Body Block
          Item Handler
            Body Block
    ");
}

#[test]
fn members() {
    assert_snapshot!(facts(
        "class Foo final : public Base, private ns::B<int> {
           int a_ = 5;
           static constexpr int kMax{10};
           std::chrono::seconds timeout{30};
           int plain_;
           virtual void m(int timeout = 5) = 0;
           virtual void n(int timeout) = 0; // why
           bool operator==(const Foo&) const { return true; }
           REGISTER(foo)
         };"
    ), @r"
    Item Module
      Item Class Foo
        Type Type Base
        Type Type ns::B<int>
        Item Binding(Field) a_
          Type Type int
          Value Number 5
        Item Binding(Constant) kMax
          Type Type int
          Value Collection
            Item Number 10
        Item Binding(Field) timeout
          Type Type std::chrono::seconds
          Value Collection
            Item Number 30
        Item Other m
          Argument Binding(Parameter) timeout
            Type Type int
            Value Number 5
        Item Comment(Line) why
        Item Function operator==
          Argument Binding(Parameter)
            Type Type Foo
          Body Block
            Item Exit(Return)
              Value Name true
        Item Call REGISTER
          Argument Name foo
    ");
}

#[test]
fn tests_that_a_macro_names() {
    assert_snapshot!(facts(
        "TEST(Suite, Name) { sleep(5); }
         BOOST_AUTO_TEST_CASE(foo_bar) { x(); }
         SEASTAR_THREAD_TEST_CASE(x) { y(); }
         TEST_CASE(\"hello\", \"[tag]\") { SECTION(\"part\") { foo(); } }
         BENCHMARK(BM_x)->Arg(5);"
    ), @r#"
    Item Module
      Item Function TEST(Suite, Name)
        Body Block
          Item Call sleep
            Argument Number 5
      Item Function BOOST_AUTO_TEST_CASE(foo_bar)
        Body Block
          Item Call x
      Item Function SEASTAR_THREAD_TEST_CASE(x)
        Body Block
          Item Call y
      Item Function TEST_CASE("hello", "[tag]")
        Body Block
          Item Function SECTION("part")
            Body Block
              Item Call foo
      Item Call Arg
        Callee Call BENCHMARK
          Argument Name BM_x
        Argument Number 5
    "#);
}

#[test]
fn names_and_imports() {
    assert_snapshot!(facts(
        "#include <iostream>
         #include \"a/b.h\"
         using namespace std;
         using std::vector;
         using A = std::vector<int>;
         typedef unsigned int uint;
         namespace fs = std::filesystem;
         namespace a::b { int v = 3; }"
    ), @r#"
    Item Module
      Item Import <iostream>
      Item Import "a/b.h"
      Item Import std
      Item Import std::vector
      Item Binding(Alias) A
        Type Type std::vector<int>
      Item Binding(Alias) uint
        Type Type unsigned int
      Item Binding(Alias) fs
        Value Name std::filesystem
      Item Namespace a::b
        Item Binding(Declaration) v
          Type Type int
          Value Number 3
    "#);
}

#[test]
fn regions() {
    assert_snapshot!(facts(
        "#ifndef FOO_H
#define FOO_H
#if defined(X) && Y > 3
int q = 1;
#elif Z
int q = 2;
#else
int q = 3;
#endif
#endif"
    ), @r"
    Item Module
      Item Region ifndef FOO_H
        Condition Name FOO_H
        Item Binding(Macro) FOO_H
        Item Region if defined(X) && Y > 3
          Condition Logic(And)
            Left Call defined
              Argument Name X
            Right Binary(Gt)
              Left Name Y
              Right Number 3
          Item Binding(Declaration) q
            Type Type int
            Value Number 1
          Else Region elif Z
            Condition Name Z
            Item Binding(Declaration) q
              Type Type int
              Value Number 2
            Else Block
              Item Binding(Declaration) q
                Type Type int
                Value Number 3
    ");
}

#[test]
fn macros() {
    assert_snapshot!(facts(
        "#define A 5
#define B (A * 60) // why
#define C std::chrono::seconds(5)
#define D ((uint32_t)A + B*2 << 3)
#define E static_cast<int>(-5 + ns::k)
#define F do { x(); } while (0)
#define G(x) sleep(x)
#define H 5s
#define I \"text\"
"
    ), @r"
    Item Module
      Item Binding(Macro) A
        Value Number 5
      Item Binding(Macro) B
        Value Binary(Mul)
          Left Name A
          Right Number 60
        Item Comment(Line) why
      Item Binding(Macro) C
        Value Call std::chrono::seconds
          Argument Number 5
      Item Binding(Macro) D
        Value Binary(Shl)
          Left Binary(Add)
            Left Name A
            Right Binary(Mul)
              Left Name B
              Right Number 2
          Right Number 3
      Item Binding(Macro) E
        Value Binary(Add)
          Left Unary(Neg)
            Value Number 5
          Right Name ns::k
      Item Binding(Macro) F
      Item Binding(Macro) G
      Item Binding(Macro) H
        Value Number 5s
      Item Binding(Macro) I
        Value String text
    ");
}

#[test]
fn comments() {
    assert_snapshot!(facts(
        "// NOLINT: why\n/// doc\n//!< doc\n/* block */\n/** doc */\n/*! doc */\n/**/\n//////\n//\nint x; // end\r\n"
    ), @r"
    Item Module
      Item Comment(Line) NOLINT: why
      Item Comment(Doc) doc
      Item Comment(Doc) doc
      Item Comment(Block) block
      Item Comment(Doc) doc
      Item Comment(Doc) doc
      Item Comment(Block)
      Item Comment(Line)
      Item Comment(Line)
      Item Binding(Declaration) x
        Type Type int
      Item Comment(Line) end
    ");
}
