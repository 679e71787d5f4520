//! Statements and expressions.

use insta::assert_snapshot;

use super::statements;

#[test]
fn conditions() {
    assert_snapshot!(statements(
        "if (auto it = m.find(x); it != m.end()) foo(); else if (b) { bar(); } else baz();
         if constexpr (X) [[likely]] { a(); }
         if (Foo* f = get()) return;"
    ), @r"
    Item If
      Init Binding(Declaration) it
        Type Type auto
        Value Call m.find
          Argument Name x
      Condition Binary(Ne)
        Left Name it
        Right Call m.end
      Then Call foo
      Else If
        Condition Name b
        Then Block
          Item Call bar
        Else Call baz
    Item If
      Condition Name X
      Then Block
        Item Call a
    Item If
      Condition Binding(Declaration) f
        Type Type Foo
        Value Call get
      Then Exit(Return)
    ");
}

#[test]
fn loops() {
    assert_snapshot!(statements(
        "for (int i = 0, n = g(); i < n; ++i) use(i);
         for (const auto& [k, v] : xs) { use(k); }
         for (auto x : {1, 2}) ;
         while (auto p = next()) --p;
         do { x(); } while (!y);"
    ), @r"
    Item Loop(For)
      Init Binding(Declaration) i
        Value Number 0
      Init Binding(Declaration) n
        Value Call g
      Condition Binary(Lt)
        Left Name i
        Right Name n
      Step Unary(Increment)
        Value Name i
      Body Call use
        Argument Name i
    Item Loop(Each)
      Value Binding(Declaration) k
      Value Binding(Declaration) v
      Subject Name xs
      Body Block
        Item Call use
          Argument Name k
    Item Loop(Each)
      Value Binding(Declaration) x
      Subject Collection
        Item Number 1
        Item Number 2
    Item Loop(While)
      Condition Binding(Declaration) p
        Type Type auto
        Value Call next
      Body Unary(Decrement)
        Value Name p
    Item Loop(DoWhile)
      Body Block
        Item Call x
      Condition Unary(Not)
        Value Name y
    ");
}

#[test]
fn switches() {
    assert_snapshot!(statements("switch (x) { case 1: case K: foo(); break; default: { bar(); } }"), @r"
    Item Switch
      Subject Name x
      Item Case
        Condition Number 1
      Item Case
        Condition Name K
        Item Call foo
        Item Exit(Break)
      Item Case
        Item Block
          Item Call bar
    ");
}

#[test]
fn errors() {
    assert_snapshot!(statements(
        "try { a(); } catch (const std::exception& e) { throw; } catch (...) { throw X(\"y\"); }"
    ), @r"
    Item Try
      Body Block
        Item Call a
      Item Handler
        Type Type std::exception
        Body Block
          Item Exit(Raise)
      Item Handler
        Body Block
          Item Exit(Raise)
            Value Call X
              Argument String y
    ");
}

#[test]
fn exits() {
    assert_snapshot!(statements(
        "break; continue; goto end; return (x); co_return 1; co_yield 2; return {1, 2}; end: ;"
    ), @r"
    Item Exit(Break)
    Item Exit(Continue)
    Item Exit(Goto)
    Item Exit(Return)
      Value Name x
    Item Exit(Return)
      Value Number 1
    Item Exit(Yield)
      Value Number 2
    Item Exit(Return)
      Value Collection
        Item Number 1
        Item Number 2
    ");
}

#[test]
fn callees() {
    assert_snapshot!(statements(
        "std::this_thread::sleep_for(std::chrono::milliseconds(100));
         a.b->wait_for(lock, 5s);
         f(x).y->z(1);
         std::min<int>(a, b);
         ns::T<int>::make(1);
         obj.template get<int>(3);
         [](int x) { return x; }(5);
         fs[0](1);
         this->run();
         ::close(fd);
         int(5);"
    ), @r"
    Item Call std::this_thread::sleep_for
      Argument Call std::chrono::milliseconds
        Argument Number 100
    Item Call a.b->wait_for
      Argument Name lock
      Argument Number 5s
    Item Call z
      Callee Member y
        Value Call f
          Argument Name x
      Argument Number 1
    Item Call std::min
      Argument Name a
      Argument Name b
    Item Call make
      Argument Number 1
    Item Call get
      Callee Name obj
      Argument Number 3
    Item Call
      Callee Lambda
        Argument Binding(Parameter) x
          Type Type int
        Body Block
          Item Exit(Return)
            Value Name x
      Argument Number 5
    Item Call
      Callee Subscript
        Value Name fs
        Argument Number 0
      Argument Number 1
    Item Call this->run
    Item Call ::close
      Argument Name fd
    Item Call int
      Argument Number 5
    ");
}

#[test]
fn construction() {
    assert_snapshot!(statements(
        "new Foo(1); auto g = new std::vector<int>{1}; auto t = T{5}; auto p = new (place) Foo(); delete p;"
    ), @r"
    Item Call Foo
      Argument Number 1
    Item Binding(Declaration) g
      Type Type auto
      Value Call std::vector
        Argument Number 1
    Item Binding(Declaration) t
      Type Type auto
      Value Call T
        Argument Number 5
    Item Binding(Declaration) p
      Type Type auto
      Value Call Foo
        Init Name place
    Item Other
      Value Name p
    ");
}

#[test]
fn casts_and_awaiting_are_transparent() {
    assert_snapshot!(statements("x = static_cast<int>(5); y = (long)(6); co_await foo();"), @r"
    Item Binding(Assignment) x
      Value Number 5
    Item Binding(Assignment) y
      Value Number 6
    Item Call foo
    ");
}

#[test]
fn assignments() {
    assert_snapshot!(statements(
        "this->timeout = 5; x *= 10; x <<= 1; a[f()] = 3; x = y = 3; cfg = {.timeout = 5, .n = {1, 2}, [3] = 4};"
    ), @r"
    Item Binding(Assignment) this->timeout
      Value Number 5
    Item Binding(Augmented(Mul)) x
      Value Number 10
    Item Binding(Augmented(Shl)) x
      Value Number 1
    Item Binding(Assignment) a[f()]
      Left Subscript
        Value Name a
        Argument Call f
      Value Number 3
    Item Binding(Assignment) x
      Value Binding(Assignment) y
        Value Number 3
    Item Binding(Assignment) cfg
      Value Collection
        Item Binding(Entry) timeout
          Value Number 5
        Item Binding(Entry) n
          Value Collection
            Item Number 1
            Item Number 2
        Item Binding(Entry) [3]
          Value Number 4
    ");
}

#[test]
fn operators() {
    assert_snapshot!(statements(
        "std::cout << \"hi\" << std::endl; r = a && !b or c; q = x ? -y : *z; i++; n = f(x).size + sizeof(int);"
    ), @r"
    Item Binary(Shl)
      Left Binary(Shl)
        Left Name std::cout
        Right String hi
      Right Name std::endl
    Item Binding(Assignment) r
      Value Logic(Or)
        Left Logic(And)
          Left Name a
          Right Unary(Not)
            Value Name b
        Right Name c
    Item Binding(Assignment) q
      Value Ternary
        Condition Name x
        Then Unary(Neg)
          Value Name y
        Else Unary(Deref)
          Value Name z
    Item Unary(Increment)
      Value Name i
    Item Binding(Assignment) n
      Value Binary(Add)
        Left Member size
          Value Call f
            Argument Name x
        Right Call sizeof
    ");
}

#[test]
fn literals() {
    assert_snapshot!(statements(
        "x = {5u, 10'000ms, 1e-3, 'c', L\"w\", R\"--(raw)\")--\", \"x\"s, true, nullptr, \"a\" \"b\", u8\"ä\"};"
    ), @r#"
    Item Binding(Assignment) x
      Value Collection
        Item Number 5u
        Item Number 10'000ms
        Item Number 1e-3
        Item String c
        Item String w
        Item String raw)"
        Item String x
        Item Name true
        Item Name nullptr
        Item Other
          Item String a
          Item String b
        Item String ä
    "#);
}

#[test]
fn lambdas() {
    assert_snapshot!(statements(
        "auto l = [&, n = 5](int a, int b = 3) mutable -> int { return a; }; run([=] { x(); });"
    ), @r"
    Item Binding(Declaration) l
      Type Type auto
      Value Lambda
        Init Binding(Declaration) n
          Value Number 5
        Argument Binding(Parameter) a
          Type Type int
        Argument Binding(Parameter) b
          Type Type int
          Value Number 3
        Body Block
          Item Exit(Return)
            Value Name a
    Item Call run
      Argument Lambda
        Body Block
          Item Call x
    ");
}
