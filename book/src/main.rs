//! Builds the book from docs/ into book/target/html. What mdBook only warns of is a failure here. It judges nothing of
//! what the pages say: tests/docs does.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use mdbook_driver::MDBook;
use mdbook_driver::book::BookItem;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

static WARNINGS: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    let built = tracing::subscriber::set_global_default(Warnings)
        .map_err(Into::into)
        .and_then(|()| MDBook::load(env!("CARGO_MANIFEST_DIR")))
        .and_then(|book| book.build().map(|()| book));
    match (built, WARNINGS.load(Ordering::Relaxed)) {
        (Ok(book), 0) => {
            println!("{} pages in {}", chapters(&book), book.build_dir_for("html").display());
            ExitCode::SUCCESS
        }
        (Ok(_), warnings) => {
            eprintln!("the book has faults: {warnings}");
            ExitCode::FAILURE
        }
        (Err(why), _) => {
            eprintln!("no book: {why:?}");
            ExitCode::FAILURE
        }
    }
}

fn chapters(book: &MDBook) -> usize {
    book.iter().filter(|item| matches!(item, BookItem::Chapter(_))).count()
}

/// Shows and counts what mdBook logs as a warning or an error.
struct Warnings;

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN && metadata.target().starts_with("mdbook")
    }

    fn event(&self, event: &Event<'_>) {
        WARNINGS.fetch_add(1, Ordering::Relaxed);
        event.record(&mut Message);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Message;

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            eprintln!("warning: {value:?}");
        }
    }
}
