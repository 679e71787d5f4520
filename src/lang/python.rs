//! stub
use std::sync::Arc;
use super::{Budget, Parsed, Unread};
pub(super) fn parse(_text: &Arc<str>, _budget: Budget) -> Result<Parsed, Unread> { Err(Unread::Unparsable { why: String::new() }) }
