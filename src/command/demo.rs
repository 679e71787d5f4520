//! `fixguard demo`.

use std::io::Write;

use crate::error::{Error, Kind};
use crate::render::Look;
use crate::terminal::Sink;

pub(super) fn run<W: Write>(_look: Look, _out: &mut Sink<W>) -> Result<u8, Error> {
    Err(Error::new(Kind::Internal, "the demo is not built yet"))
}
