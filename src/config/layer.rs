//! Layers: what each file sets, and the value of a key where several files and the defaults lie over each other, the
//! strongest first. It knows no key by name.

use std::collections::BTreeMap;

use super::keys::{Fallback, Key};
use super::paths::Globs;
use super::value::Setting;

/// What one file sets; keys by table and name, the rules' own keys by rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layer {
    pub(super) values: BTreeMap<(&'static str, &'static str), Setting>,
    pub(super) rules: BTreeMap<&'static str, BTreeMap<&'static str, Setting>>,
}

fn find<'l>(layers: &'l [Layer], key: &Key) -> Option<&'l Setting> {
    layers.iter().find_map(|layer| layer.values.get(&(key.table, key.name)))
}

pub(super) fn text(layers: &[Layer], key: &Key) -> Option<String> {
    match (find(layers, key), key.fallback) {
        (Some(set), _) => set.as_text().map(str::to_owned),
        (None, Fallback::Text(text)) => Some(text.to_owned()),
        _ => None,
    }
}

pub(super) fn number(layers: &[Layer], key: &Key) -> u64 {
    match (find(layers, key).and_then(Setting::as_number), key.fallback) {
        (Some(number), _) | (None, Fallback::Number(number)) => number,
        _ => 0,
    }
}

pub(super) fn list(layers: &[Layer], key: &Key) -> Option<Vec<String>> {
    match (find(layers, key), key.fallback) {
        (Some(set), _) => set.as_list().map(<[String]>::to_vec),
        (None, Fallback::List(list)) => Some(list.iter().map(|&text| text.to_owned()).collect()),
        _ => None,
    }
}

/// A list of patterns and, beside it, what every layer adds: an `extend-` key would be no extension if the file's took
/// the place of the preset's.
pub(super) fn globs(layers: &[Layer], key: &Key, extend: Option<&Key>) -> Globs {
    let mut patterns = list(layers, key).unwrap_or_default();
    for layer in layers {
        let added =
            extend.and_then(|key| layer.values.get(&(key.table, key.name))).and_then(Setting::as_list);
        patterns.extend_from_slice(added.unwrap_or_default());
    }
    Globs::new(patterns)
}
