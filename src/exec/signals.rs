//! Which signals ask this program to end.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Ctrl-C and the polite ends of a process, less a hang-up that this program was started to outlive, as by `nohup`. To be
/// asked before any is listened to: from then on none is ignored.
pub(super) fn ends() -> Vec<i32> {
    let mut signals = vec![SIGINT, SIGTERM];
    if !is_ignored(SIGHUP) {
        signals.push(SIGHUP);
    }
    signals
}

/// As far as the system says so.
fn is_ignored(signal: i32) -> bool {
    let status =
        if cfg!(target_os = "linux") { std::fs::read_to_string("/proc/self/status").ok() } else { None };
    let mask = status.as_deref().and_then(|status| {
        let digits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
        u64::from_str_radix(digits.trim(), 16).ok()
    });
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
