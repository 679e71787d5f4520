//! The processes below this one, and their end. On Linux whatever loses its parent becomes a child of the supervisor,
//! so nothing gets away; elsewhere only the command's process group is known.

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

/// Processes that one look finds; more are found by the next.
const MAX_PROCESSES: usize = 65_536;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) pid: i32,
    pub(super) parent: i32,
    pub(super) name: String,
}

/// Makes this process the one that orphans below it come to.
pub(super) fn adopt_orphans() -> Result<(), String> {
    #[cfg(target_os = "linux")]
    return nix::sys::prctl::set_child_subreaper(true)
        .map_err(|cause| format!("orphaned processes cannot be adopted: {cause}"));
    #[cfg(not(target_os = "linux"))]
    Ok(())
}

/// Ends a process group and everything below this process. Nothing is said about what is gone already.
pub(super) fn kill_all(group: Pid) {
    killpg(group, Signal::SIGKILL).ok();
    let below = below(std::process::id() as i32);
    // Stopped first: what is being killed could start others meanwhile.
    for signal in [Signal::SIGSTOP, Signal::SIGKILL] {
        for process in &below {
            kill(Pid::from_raw(process.pid), signal).ok();
        }
    }
}

/// Everything below a process, zombies left out.
pub(super) fn below(root: i32) -> Vec<Process> {
    let all = all();
    let mut found: Vec<Process> = Vec::new();
    let mut parents = vec![root];
    while let Some(parent) = parents.pop() {
        for process in all.iter().filter(|process| process.parent == parent) {
            parents.push(process.pid);
            found.push(process.clone());
        }
        if found.len() > MAX_PROCESSES {
            break;
        }
    }
    found
}

#[cfg(target_os = "linux")]
fn all() -> Vec<Process> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let processes = entries.filter_map(|entry| {
        let pid: i32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        // A process that ends meanwhile has no file any more.
        stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    });
    processes.take(MAX_PROCESSES).collect()
}

#[cfg(not(target_os = "linux"))]
fn all() -> Vec<Process> {
    Vec::new()
}

/// `pid (name) state parent …`; the name may hold anything, brackets included.
#[cfg(target_os = "linux")]
fn stat(line: &str) -> Option<Process> {
    let (pid, rest) = line.split_once(" (")?;
    let (name, rest) = rest.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    let is_zombie = fields.next()? == "Z";
    let parent = fields.next()?.parse().ok()?;
    (!is_zombie).then_some(Process { pid: pid.parse().ok()?, parent, name: name.to_owned() })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Process, below, stat};

    #[test]
    fn names_may_hold_anything() {
        let process = stat("12 (a) (b c) S 7 12 12 0").unwrap();
        assert_eq!(process, Process { pid: 12, parent: 7, name: "a) (b c".to_owned() });
        assert_eq!(stat("12 (gone) Z 7 12"), None);
        assert_eq!(stat("nonsense"), None);
    }

    #[test]
    fn this_process_is_below_its_parent() {
        let parent = nix::unistd::getppid().as_raw();
        assert!(below(parent).iter().any(|process| process.pid == std::process::id() as i32));
    }
}
