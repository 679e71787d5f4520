//! Reading names: the words in an identifier, and what they promise. Pure; no syntax, no rules.

/// The lower-case words of an identifier, path or key: `kMaxWaitMs`, `max_wait_ms`, `--max-wait.ms`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut before: Option<char> = None;
    let mut rest = name.chars();
    while let Some(c) = rest.next() {
        let starts = c.is_uppercase() && {
            let after_lower = before.is_some_and(|b| b.is_lowercase() || b.is_numeric());
            let next_is_lower = || rest.clone().next().is_some_and(char::is_lowercase);
            after_lower || before.is_some_and(char::is_uppercase) && next_is_lower()
        };
        before = Some(c);
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// True for a character that identifiers are made of.
pub fn in_identifier(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The identifiers of a text, whatever else stands between them.
pub fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !in_identifier(c)).filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

/// The last segment of a path: `c` of `a.b.c`, `a::b::c`, `a->c`.
pub fn last_segment(path: &str) -> &str {
    let end = path.trim_end();
    end.rsplit(['.', ':', '>', '/']).next().unwrap_or(end).trim()
}

/// The first segment of a path: `a` of `a.b.c`.
pub fn first_segment(path: &str) -> &str {
    path.split(['.', ':', '-']).next().unwrap_or(path).trim()
}

/// True when a written path names the listed one: the same path, or one that ends in it at a segment's border.
/// A listed bare name matches a bare name or a free function of a namespace only when it is listed so.
pub fn path_matches(written: &str, listed: &str) -> bool {
    let clean: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let clean = clean.trim_start_matches("::");
    clean == listed
}

/// True when two words stand side by side, in that order, or run together.
fn pair(words: &[String], first: &str, second: &str) -> bool {
    words.windows(2).any(|w| w[0] == first && w[1] == second)
        || words
            .iter()
            .any(|w| w.len() == first.len() + second.len() && w.starts_with(first) && w.ends_with(second))
}

/// False when a name holds none of these letters, in any case: nearly every name is asked, and few must be cut into words.
pub fn may_say(name: &str, parts: &[&str]) -> bool {
    let holds =
        |part: &&str| name.as_bytes().windows(part.len()).any(|at| at.eq_ignore_ascii_case(part.as_bytes()));
    // Other letters may turn into these when they are lowered.
    !name.is_ascii() || parts.iter().any(holds)
}

/// What makes a name with `timeout` in it something else than a limit: a code, a counter, a switch, a place.
const NOT_A_LIMIT: &[&str] = &[
    "code",
    "codes",
    "errno",
    "error",
    "errors",
    "status",
    "count",
    "counter",
    "num",
    "index",
    "id",
    "port",
    "signal",
    "exit",
    "rc",
    "handler",
    "callback",
    "interval",
    "period",
    "flag",
    "enabled",
    "exception",
    "msg",
    "message",
    "event",
    "line",
    "column",
    "retries",
    "attempts",
    "start",
    "started",
    "begin",
    "elapsed",
];

/// A limit on waiting, by its name: `timeout`, `time_out`, `deadline`, `max_wait`, `wait_time`, `time_limit`.
pub fn says_timeout(name: &str) -> bool {
    if !may_say(name, &["time", "deadline", "wait"]) {
        return false;
    }
    let words = words(name);
    let limit = words.iter().any(|w| matches!(w.as_str(), "timeout" | "timeouts" | "deadline" | "deadlines"))
        || words
            .iter()
            .any(|w| w.ends_with("timeout") || w.starts_with("timeout") && w.len() <= "timeoutseconds".len())
        || pair(&words, "time", "out")
        || pair(&words, "time", "limit")
        || pair(&words, "max", "wait")
        || pair(&words, "wait", "time")
        || pair(&words, "wait", "limit")
        || pair(&words, "wait", "max");
    limit && !words.iter().any(|w| NOT_A_LIMIT.contains(&w.as_str()))
}

/// A number of attempts, by its name: `retries`, `max_attempts`, `num_tries`, `reruns`.
pub fn says_attempts(name: &str) -> bool {
    if !may_say(name, &["retr", "attempt", "tri", "try", "rerun", "flaky"]) {
        return false;
    }
    if name == "--retry" {
        return true;
    }
    let words = words(name);
    let has = |word: &str| words.iter().any(|w| w == word);
    let spends_time = [
        "delay", "sleep", "wait", "interval", "backoff", "timeout", "period", "after", "ms", "secs",
        "seconds", "pause", "time",
    ];
    if spends_time.iter().any(|word| has(word)) {
        return false;
    }
    let many =
        ["retries", "attempts", "tries", "reruns", "maxretries", "maxattempts", "maxtries", "numretries"]
            .iter()
            .any(|word| has(word));
    let counted =
        ["max", "num", "count", "limit", "n", "total", "number", "stop", "runs"].iter().any(|word| has(word));
    let one = ["retry", "attempt", "try", "rerun", "flaky"].iter().any(|word| has(word));
    (many && !has("current") && !has("remaining")) || (one && counted)
}

#[cfg(test)]
mod tests {
    use super::{says_attempts, says_timeout, words};

    #[test]
    fn words_of_every_style() {
        assert_eq!(words("kMaxWaitMs"), ["k", "max", "wait", "ms"]);
        assert_eq!(words("ARC_STARTUP_TIMEOUT"), ["arc", "startup", "timeout"]);
        assert_eq!(words("--comm.timeouts-connect"), ["comm", "timeouts", "connect"]);
        assert_eq!(words("HTTPTimeout"), ["http", "timeout"]);
    }

    #[test]
    fn names_that_say_timeout() {
        for name in [
            "timeout",
            "time_out",
            "deadline",
            "max_wait",
            "wait_time",
            "read_timeout_ms",
            "kTimeout",
            "TIMEOUT_SECONDS",
            "timeOut",
            "distributed.comm.timeouts.connect",
        ] {
            assert!(says_timeout(name), "{name}");
        }
        for name in [
            "timeouts_seen_count",
            "kTimeoutErrorCode",
            "time",
            "wait",
            "TimeoutException",
            "timeout_handler",
            "poll_interval",
            "runtime_output",
        ] {
            assert!(!says_timeout(name), "{name}");
        }
    }

    #[test]
    fn names_that_count_attempts() {
        for name in [
            "retries",
            "max_retries",
            "kNumAttempts",
            "stop_max_attempt_number",
            "reruns",
            "--reruns",
            "maxTries",
            "retry_count",
            "allowed_failures_max_retries",
        ] {
            assert!(says_attempts(name), "{name}");
        }
        for name in
            ["retry_delay", "attempt", "retry", "current_attempts", "max_retry_interval_ms", "try_lock"]
        {
            assert!(!says_attempts(name), "{name}");
        }
    }
}
