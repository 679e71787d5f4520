//! What git tells a pre-push hook: one line for each ref that the push would change. Pure: it reads the lines and tells
//! by the names which pushes are a fix branch's; which commits they bring is the git door's business.

use crate::branch::fits;
use crate::change::Oid;
use crate::error::{Error, Kind};

/// What standard input of the hook may hold; a push of a hundred thousand refs fits.
pub const MAX_INPUT_BYTES: usize = 32 << 20;

const BRANCHES: &str = "refs/heads/";

/// One ref that the push would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// As the user named it: a ref, `HEAD`, or any expression; `(delete)` for a deletion.
    pub local_ref: String,
    /// What the ref shall point to; `None` to delete it.
    pub local: Option<Oid>,
    pub remote_ref: String,
    /// What it points to on the remote, as far as git knows; `None` for a new ref.
    pub remote: Option<Oid>,
}

impl Update {
    /// The branch that it is there, when it is one.
    pub fn remote_branch(&self) -> Option<&str> {
        self.remote_ref.strip_prefix(BRANCHES)
    }
    /// The branch that it is here; `on` is the branch that HEAD stands on.
    pub fn local_branch<'a>(&'a self, on: Option<&'a str>) -> Option<&'a str> {
        match self.local_ref.as_str() {
            "HEAD" | "@" => on,
            name => name.strip_prefix(BRANCHES),
        }
    }
    /// The names that it has, here and there: a case is opened here, under the first.
    pub fn branches<'a>(&'a self, on: Option<&'a str>) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.local_branch(on).into_iter().chain(self.remote_branch()).collect();
        names.dedup();
        names
    }
    /// Under which name this is a fix branch, there or here: one that is pushed under another name is still one.
    pub fn fix_branch<'a>(&'a self, on: Option<&'a str>, patterns: &[String]) -> Option<&'a str> {
        [self.remote_branch(), self.local_branch(on)].into_iter().flatten().find(|name| fits(patterns, name))
    }
    /// The name to speak of it by.
    pub fn name(&self) -> &str {
        self.remote_branch().or_else(|| self.remote_ref.strip_prefix("refs/")).unwrap_or(&self.remote_ref)
    }
}

/// The lines of git's contract: local ref, its object, remote ref, its object. Nothing at all is an empty push.
pub fn parse(input: &[u8]) -> Result<Vec<Update>, Error> {
    let text = String::from_utf8_lossy(input);
    text.lines().enumerate().map(|(n, line)| update(line).ok_or_else(|| unreadable(n + 1, line))).collect()
}

/// From the right: the first part may be an expression with blanks in it.
fn update(line: &str) -> Option<Update> {
    let mut parts = line.rsplitn(4, ' ');
    let remote = object(parts.next()?)?;
    let remote_ref = parts.next().filter(|name| !name.is_empty())?.to_owned();
    let local = object(parts.next()?)?;
    let local_ref = parts.next()?.to_owned();
    Some(Update { local_ref, local, remote_ref, remote })
}

/// Inner `None`: all zeros, which stand for no object in repositories of either kind of ids.
#[expect(clippy::option_option, reason = "no object is not the same as no id")]
fn object(text: &str) -> Option<Option<Oid>> {
    if !matches!(text.len(), 40 | 64) || !text.is_ascii() {
        return None;
    }
    let pairs = text.as_bytes().chunks_exact(2).map(|pair| std::str::from_utf8(pair).ok());
    let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
    let bytes = bytes.filter(|_| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
    Some(bytes.iter().any(|&byte| byte != 0).then(|| Oid::new(&bytes)))
}

fn unreadable(number: usize, line: &str) -> Error {
    let shown: String = line.chars().take(200).collect();
    Error::new(
        Kind::Usage,
        format!("line {number} on standard input is none that git gives a pre-push hook: `{shown}`"),
    )
    .hint("`fixguard hook pre-push` is run by git; `fixguard check` judges a range by hand.")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Update, parse};
    use crate::change::Oid;

    const A: &str = "1111111111111111111111111111111111111111";
    const B: &str = "2222222222222222222222222222222222222222";
    const ZERO: &str = "0000000000000000000000000000000000000000";

    fn one(line: &str) -> Update {
        parse(line.as_bytes()).unwrap().pop().unwrap()
    }

    #[test]
    fn lines_are_read() {
        let update = one(&format!("refs/heads/fix/a {A} refs/heads/fix/a {ZERO}\n"));
        assert_eq!((update.local, update.remote), (Some(Oid::new(&[0x11; 20])), None));
        assert_eq!((update.remote_branch(), update.local_branch(None)), (Some("fix/a"), Some("fix/a")));
        let gone = one(&format!("(delete) {ZERO} refs/heads/b {B}"));
        assert_eq!((gone.local, gone.remote, gone.name()), (None, Some(Oid::new(&[0x22; 20])), "b"));
        let long = one(&format!("a {} refs/tags/v1 {}", "ab".repeat(32), "0".repeat(64)));
        assert_eq!((long.local, long.remote, long.name()), (Some(Oid::new(&[0xab; 32])), None, "tags/v1"));
        let spoken = one(&format!("HEAD@{{1 day ago}} {A} refs/heads/c {B}"));
        assert_eq!((&*spoken.local_ref, spoken.name()), ("HEAD@{1 day ago}", "c"));
        assert_eq!(parse(b"").unwrap(), []);
    }

    #[test]
    fn a_fix_branch_is_known_by_either_name() {
        let fix = ["fix/*".to_owned()];
        let named = |line: &str| one(line).fix_branch(Some("fix/on"), &fix).map(str::to_owned);
        assert_eq!(named(&format!("refs/heads/fix/a {A} refs/heads/x {ZERO}")).as_deref(), Some("fix/a"));
        assert_eq!(named(&format!("refs/heads/x {A} refs/heads/fix/a {ZERO}")).as_deref(), Some("fix/a"));
        assert_eq!(named(&format!("HEAD {A} refs/heads/x {ZERO}")).as_deref(), Some("fix/on"));
        assert_eq!(named(&format!("refs/heads/x {A} refs/heads/x {ZERO}")), None);
        assert_eq!(named(&format!("refs/tags/fix/a {A} refs/tags/fix/a {ZERO}")), None);
    }

    #[test]
    fn other_lines_are_refused() {
        let short = "1".repeat(39);
        for line in ["x", "a b c d", &format!("a {A} b {short}"), &format!("a {short}+ b {A}"), "\n", "a  b "]
        {
            assert!(parse(line.as_bytes()).is_err(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(bytes in any::<Vec<u8>>(), line in "[ -~]{0,60} [01é+]{38,41} [a-z/]{0,9} [0-9a-f]{40}") {
            let _ = parse(&bytes);
            let _ = parse(line.as_bytes());
        }

        #[test]
        fn what_git_writes_is_read_back(local in "[ -~]{1,40}", remote in "refs/heads/[a-z/é]{1,20}", id: [u8; 20]) {
            let id = Oid::new(&id);
            let update = one(&format!("{local} {id} {remote} {ZERO}"));
            assert_eq!((&update.local_ref, &update.remote_ref, update.remote), (&local, &remote, None));
        }
    }
}
