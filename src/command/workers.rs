//! Threads that share a list of jobs. What a job is, and how many threads it is worth, is told to them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Kind};

/// Does the jobs, by at most so many threads of which this one is one; the results in the order of the jobs. A thread
/// whose `work` answers `None` takes no other job; a job that nobody has done has no result.
///
/// # Errors
/// No thread can be started, or one panicked; the jobs that nobody has begun are then left.
pub(super) fn each<J: Sync, R: Send>(
    jobs: &[J],
    threads: usize,
    work: &(dyn Fn(&J) -> Option<R> + Sync),
) -> Result<Vec<Option<R>>, Error> {
    let results: Vec<Mutex<Option<R>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let take = || {
        while let Some((job, slot)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| jobs.get(at).zip(results.get(at)))
        {
            let Some(result) = work(job) else { break };
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }
    };
    std::thread::scope(|scope| -> Result<(), Error> {
        let spawn = |_| std::thread::Builder::new().spawn_scoped(scope, take);
        let workers: Result<Vec<_>, _> = (1..threads.min(jobs.len())).map(spawn).collect();
        let workers = workers.map_err(|cause| {
            next.store(jobs.len(), Ordering::Relaxed);
            Error::new(Kind::Internal, "no thread can be started").because(cause)
        })?;
        take();
        for worker in workers {
            worker.join().map_err(|_| Error::new(Kind::Internal, "a working thread ended early"))?;
        }
        Ok(())
    })?;
    Ok(results.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect())
}

/// As many as there are processors, and no more than that.
pub(super) fn processors(most: usize) -> usize {
    // To ask opens several files.
    if most < 2 { 1 } else { std::thread::available_parallelism().map_or(1, usize::from).min(most) }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::each;
    use crate::error::Kind;

    #[test]
    fn results_keep_the_order_of_the_jobs() {
        let jobs: Vec<usize> = (0..100).collect();
        for threads in [0, 1, 3, 200] {
            let doubled = each(&jobs, threads, &|job| Some(2 * job)).unwrap();
            assert_eq!(doubled, jobs.iter().map(|job| Some(2 * job)).collect::<Vec<_>>(), "{threads}");
        }
        assert_eq!(each(&[], 3, &|job: &usize| Some(*job)).unwrap(), []);
    }

    #[test]
    fn each_thread_stops_by_itself() {
        let begun = AtomicUsize::new(0);
        let some = each(&[0; 100], 2, &|_| (begun.fetch_add(1, Ordering::Relaxed) < 10).then_some(())).unwrap();
        assert_eq!(some.iter().flatten().count(), 10);
        assert_eq!(begun.into_inner(), 12);
    }

    #[test]
    fn a_thread_that_panics_is_an_error() {
        let here = std::thread::current().id();
        // This thread waits for the other to have taken the job that it fails at.
        let failed = AtomicUsize::new(0);
        let error = each(&[0; 2], 2, &|_| {
            if std::thread::current().id() != here {
                failed.store(1, Ordering::Relaxed);
                panic!("a fault");
            }
            while failed.load(Ordering::Relaxed) == 0 {
                std::thread::yield_now();
            }
            Some(())
        });
        assert_eq!(error.unwrap_err().kind, Kind::Internal);
    }
}
