//! What must hold for any text: sane spans, no panic, no stack, no square.

use proptest::prelude::*;

use super::read;
use crate::fact::Facts;
use crate::lang::dump::dump;

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
fn broken_texts_keep_their_facts_and_say_where_they_are_broken() {
    let read = read("def f(:\n    time.sleep(5)\nx = = 5\ntime.sleep(6)\n");
    assert!(!read.gaps.is_empty());
    let dumped = dump(&read.facts);
    assert!(dumped.contains("Call time.sleep"), "{dumped}");
    assert_sane(&read.facts);
}

#[test]
fn a_text_that_is_broken_as_a_whole_is_one_gap() {
    assert_eq!(read("[[[").gaps.len(), 1);
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
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_text_gives_a_sane_tree(text in any::<String>()) {
        assert_sane(&read(&text).facts);
    }

    #[test]
    fn any_mix_of_words_gives_a_sane_tree(text in snippet()) {
        assert_sane(&read(&text).facts);
    }
}
