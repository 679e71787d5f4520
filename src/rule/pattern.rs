//! What a rule that is data looks for: its `[match]`. Four keys say it (`fact`, `change`, `inside`, `field`), and there
//! is no fifth: what must count, compare two places or cross files is code. It reads no file and judges nothing.

use globset::{Glob, GlobMatcher};

/// `[match]`: a change that adds, removes or alters such a fact in such a place.
#[derive(Debug, Clone)]
pub struct Match {
    /// Any of them.
    pub facts: Vec<Wanted>,
    pub change: Became,
    /// All of them; nothing means anywhere.
    pub inside: Vec<Inside>,
    /// All of them; of each, one of its patterns.
    pub fields: Vec<(Field, Vec<Pattern>)>,
}

/// Declares an enum whose words stand in rule files.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const NAMES: &'static [&'static str] = &[$($word),+];
            /// As rule files write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == word)
            }
        }
    };
}

words! {
    /// The kinds of facts that a rule of a team may ask for.
    Wanted {
        Call = "call",
        /// A name gets a value, in whatever form: variable, argument, default, entry, constant, macro.
        Binding = "binding",
        Import = "import",
        Decorator = "decorator",
        /// `#pragma`, `#error` and the like.
        Directive = "directive",
        /// A name read as a value.
        Name = "name",
        String = "string",
        Comment = "comment",
        Function = "function",
        Class = "class",
    }
}

words! {
    /// What becomes of a fact.
    Became {
        /// It is new: neither moved here nor written another way.
        Added = "added",
        Removed = "removed",
        /// The same place has another value.
        Altered = "altered",
        /// Its amount went up, for every case.
        Raised = "raised",
        Lowered = "lowered",
    }
}

words! {
    /// Where a fact stands.
    Inside {
        Product = "product",
        Test = "test",
        Tool = "tool",
        Function = "function",
        Loop = "loop",
        Branch = "branch",
        Handler = "handler",
    }
}

words! {
    /// What of a fact a pattern is held against.
    Field {
        /// Its path as written, what that stands for by the imports, or its last part.
        Name = "name",
        /// The source of its value.
        Value = "value",
        /// The source of any of its arguments.
        Argument = "argument",
    }
}

/// A text in which `*` stands for any run of characters.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// `None` for an empty text.
    pub fn new(text: &str) -> Option<Self> {
        let glob = Glob::new(&globset::escape(text).replace("[*]", "*")).ok()?;
        (!text.is_empty()).then(|| Self { text: text.to_owned(), matcher: glob.compile_matcher() })
    }
    pub fn text(&self) -> &str {
        &self.text
    }
    pub fn fits(&self, text: &str) -> bool {
        self.matcher.is_match(text)
    }
    /// The longest part without a `*`: a text that holds none of it cannot fit.
    pub fn literal(&self) -> &str {
        self.text.split('*').max_by_key(|part| part.len()).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::{Became, Pattern};

    #[test]
    fn only_a_star_is_a_sign() {
        let fits = |pattern: &str, text: &str| Pattern::new(pattern).unwrap().fits(text);
        assert!(fits("os.*", "os.system") && fits("*.system", "os.system") && fits("a[0]{x}", "a[0]{x}"));
        assert!(!fits("os.?ystem", "os.system") && !fits("system", "os.system") && fits("a/*", "a/b/c"));
        assert!(Pattern::new("").is_none());
        assert_eq!(Pattern::new("a*long*b").unwrap().literal(), "long");
        assert_eq!(Became::of("raised"), Some(Became::Raised));
    }
}
