//! `cargo bench --bench ranges -- CLONE [--small N] [--large BASE..HEAD] [--rounds N]`
//!
//! Measures whole processes: `fixguard check RANGE` beside `git diff -U0 -M RANGE`, in turns, on ranges of a real
//! clone: N small ones (a commit of the main line that changes 3 to 12 files) and a large one (about a thousand files).
//! It prints and never fails on a time: docs/benchmarks.md holds what was measured, and how to read it.

#![expect(clippy::print_stdout, reason = "a benchmark is there to print")]
#![expect(clippy::unwrap_used, reason = "a benchmark may end by panicking")]

#[cfg(unix)]
mod measure;

#[cfg(unix)]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match arguments.split_first() {
        Some((first, command)) if first == measure::ONE => measure::report_one(command),
        Some(_) => compare::run(&compare::Options::of(&arguments)),
        // `cargo bench` without a clone runs every benchmark: this one has nothing to measure then.
        None => println!("ranges: give a clone: cargo bench --bench ranges -- CLONE"),
    }
}

#[cfg(not(unix))]
fn main() {
    println!("ranges: needs getrusage");
}

#[cfg(unix)]
mod compare {
    use super::measure::{Cost, git, measured};

    const FIXGUARD: &str = env!("CARGO_BIN_EXE_fixguard");
    /// What a fix branch usually changes.
    const FEW_FILES: std::ops::RangeInclusive<usize> = 3..=12;
    const MANY_FILES: usize = 1000;

    pub(super) struct Options {
        clone: String,
        small: usize,
        large: Option<String>,
        rounds: usize,
    }

    impl Options {
        pub(super) fn of(arguments: &[String]) -> Self {
            let mut options = Self { clone: String::new(), small: 60, large: None, rounds: 5 };
            let mut rest = arguments.iter();
            while let Some(argument) = rest.next() {
                match argument.as_str() {
                    "--small" => options.small = rest.next().unwrap().parse().unwrap(),
                    "--rounds" => options.rounds = rest.next().unwrap().parse().unwrap(),
                    "--large" => options.large = rest.next().cloned(),
                    clone => clone.clone_into(&mut options.clone),
                }
            }
            options
        }
    }

    pub(super) fn run(options: &Options) {
        let clone = &options.clone;
        let nothing = [FIXGUARD, "--version"].map(String::from);
        let starts: Vec<Cost> = (0..20).map(|_| measured(clone, &nothing)).collect();
        println!(
            "start: {:.1} ms of wall time (median of 20 `--version`)",
            median(&starts, |c| c.wall) * 1e3
        );
        let small = small_ranges(clone, options.small);
        let each: Vec<Both> = small.iter().map(|range| both(clone, range, options.rounds)).collect();
        println!("small: {} ranges, {} rounds each", each.len(), options.rounds);
        if !each.is_empty() {
            table(&each);
        }
        let large = options.large.clone().unwrap_or_else(|| large_range(clone));
        let files = git(clone, &["diff", "--name-only", "-M", &large]).lines().count();
        println!("large: {large}, {files} files, {} rounds", options.rounds * 2);
        table(&[both(clone, &large, options.rounds * 2)]);
    }

    struct Both {
        range: String,
        fixguard: Vec<Cost>,
        git: Vec<Cost>,
    }

    /// In turns, so that whatever else the machine does hits both alike. The first round warms the caches.
    fn both(clone: &str, range: &str, rounds: usize) -> Both {
        let ours = [FIXGUARD, "check", range].map(String::from);
        let theirs = ["git", "diff", "-U0", "-M", range].map(String::from);
        let mut both = Both { range: range.to_owned(), fixguard: Vec::new(), git: Vec::new() };
        for round in 0..=rounds {
            let (a, b) = (measured(clone, &ours), measured(clone, &theirs));
            if round > 0 {
                both.fixguard.push(a);
                both.git.push(b);
            }
        }
        both
    }

    type Part = fn(&Cost) -> f64;

    /// For each range the least and the median of its rounds; over the ranges the median and the 90th percentile.
    fn table(each: &[Both]) {
        println!("  {:10} {:>9} {:>9} {:>7} {:>7}", "", "fixguard", "git", "ratio", "p90");
        let rows: [(&str, Part, f64); 3] =
            [("wall ms", |c| c.wall, 1e3), ("CPU ms", |c| c.cpu, 1e3), ("peak MiB", |c| c.peak, 1.0)];
        for (name, part, scale) in rows {
            for (how, of) in [("min", least as fn(&[Cost], Part) -> f64), ("median", median)] {
                let ours: Vec<f64> = each.iter().map(|b| of(&b.fixguard, part)).collect();
                let theirs: Vec<f64> = each.iter().map(|b| of(&b.git, part)).collect();
                let ratios: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a / b.max(1e-9)).collect();
                println!(
                    "  {name:8} {how:6} {:>5.1} {:>9.1} {:>7.2} {:>7.2}",
                    percentile(&ours, 50) * scale,
                    percentile(&theirs, 50) * scale,
                    percentile(&ratios, 50),
                    percentile(&ratios, 90),
                );
            }
        }
        let slowest = each
            .iter()
            .max_by(|a, b| least(&a.fixguard, |c| c.cpu).total_cmp(&least(&b.fixguard, |c| c.cpu)));
        if let Some(slowest) = slowest.filter(|_| each.len() > 1) {
            println!(
                "  slowest: {} with {:.1} ms of CPU time",
                slowest.range,
                least(&slowest.fixguard, |c| c.cpu) * 1e3
            );
        }
    }

    fn least(costs: &[Cost], part: Part) -> f64 {
        costs.iter().map(part).fold(f64::INFINITY, f64::min)
    }

    fn median(costs: &[Cost], part: Part) -> f64 {
        percentile(&costs.iter().map(part).collect::<Vec<_>>(), 50)
    }

    fn percentile(numbers: &[f64], of_hundred: usize) -> f64 {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted[(sorted.len() * of_hundred / 100).min(sorted.len() - 1)]
    }

    /// Commits of the main line with few files, evenly over its last thousand.
    fn small_ranges(clone: &str, wanted: usize) -> Vec<String> {
        let log =
            git(clone, &["log", "--first-parent", "-m", "--name-only", "--format=%x00%H", "-n", "1000"]);
        let commits = log.split('\0').filter_map(|entry| {
            let mut lines = entry.lines().filter(|line| !line.is_empty());
            let commit = lines.next()?;
            FEW_FILES.contains(&lines.count()).then(|| format!("{commit}^...{commit}"))
        });
        let all: Vec<String> = commits.collect();
        let step = (all.len() / wanted.max(1)).max(1);
        all.into_iter().step_by(step).take(wanted).collect()
    }

    /// The last commits of the main line that change about a thousand files together.
    fn large_range(clone: &str) -> String {
        let line = git(clone, &["rev-list", "--first-parent", "-n", "6000", "HEAD"]);
        let commits: Vec<&str> = line.lines().collect();
        let enough = |back: usize| {
            let range = format!("{}..{}", commits[back], commits[0]);
            git(clone, &["diff", "--name-only", "--no-renames", &range]).lines().count() >= MANY_FILES
        };
        let (mut low, mut high) = (0, commits.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if enough(middle) { high = middle } else { low = middle + 1 }
        }
        format!("{}..{}", commits[low], commits[0])
    }
}
