//! The table of keys as a JSON schema, for editors that complete and check `fixguard.toml`. Generated, never read back.

use serde_json::{Map, Value, json};

use super::keys::{Fallback, KEYS, Key, RULE_KEYS, RULES, Shape};
use super::options;
use super::preset;
use super::value::Setting;
use crate::rule::{self, Rule};

/// The JSON schema of `fixguard.toml`.
pub fn schema() -> Value {
    let mut top = Map::new();
    for key in KEYS {
        let described = describe(&key.shape, key.meaning, default(key));
        if key.table.is_empty() {
            top.insert(key.name.to_owned(), described);
        } else {
            let table = top.entry(key.table).or_insert_with(|| table(Map::new()));
            table["properties"][key.name] = described;
        }
    }
    top.insert(RULES.to_owned(), table(rule::catalogue().iter().map(rule_table).collect()));
    let mut schema = json!({
        "$comment": "Generated from src/config/keys.rs and rules/; BLESS=1 cargo test --test docs writes it anew.",
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "fixguard.toml",
    });
    for (key, value) in table(top).as_object().into_iter().flatten() {
        schema[key] = value.clone();
    }
    schema
}

fn table(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn rule_table(rule: &'static Rule) -> (String, Value) {
    let common = RULE_KEYS.iter().map(|key| {
        let default = match key.name {
            "severity" => Some(json!(rule.severity.name())),
            _ => default(key),
        };
        (key.name.to_owned(), describe(&key.shape, key.meaning, default))
    });
    let own = options::declared(rule).map(|option| {
        let meaning = format!("an option of the rule {}", rule.id);
        (option.name.to_owned(), describe(&option.shape, &meaning, option.fallback.as_ref().map(value)))
    });
    let mut described = table(common.chain(own).collect());
    described["description"] = json!(rule.title);
    (rule.id.to_owned(), described)
}

fn describe(shape: &Shape, meaning: &str, default: Option<Value>) -> Value {
    let mut described = match shape {
        Shape::Text | Shape::Requirement => json!({ "type": "string" }),
        Shape::Preset => json!({ "enum": preset::names().collect::<Vec<_>>() }),
        Shape::Confidence => {
            json!({ "anyOf": [{ "const": "report" }, { "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 }] })
        }
        Shape::Globs | Shape::Words | Shape::Patterns | Shape::PathRoutes | Shape::WordRoutes => {
            json!({ "type": "array", "items": { "type": "string" } })
        }
        Shape::Count => json!({ "type": "integer", "minimum": 1 }),
        Shape::OneOf(words) => json!({ "enum": words }),
        Shape::SomeOf(words) => json!({ "type": "array", "items": { "enum": words } }),
        Shape::Bytes => json!({ "anyOf": [
            { "type": "integer", "minimum": 1 },
            { "type": "string", "pattern": "^[0-9]+ *(B|KiB|MiB|GiB)?$" },
        ] }),
        Shape::Any => json!({ "anyOf": [
            { "type": "string" },
            { "type": "integer", "minimum": 1 },
            { "type": "array", "items": { "type": "string" } },
        ] }),
    };
    described["description"] = json!(meaning);
    if let Some(default) = default {
        described["default"] = default;
    }
    described
}

fn default(key: &Key) -> Option<Value> {
    match key.fallback {
        Fallback::None => None,
        Fallback::Text(text) => Some(json!(text)),
        Fallback::Number(number) => Some(json!(number)),
        Fallback::List(list) => Some(json!(list)),
    }
}

fn value(setting: &Setting) -> Value {
    match setting {
        Setting::Text(text) => json!(text),
        Setting::Number(number) => json!(number),
        Setting::List(list) => json!(list),
    }
}

#[cfg(test)]
mod tests {
    use super::schema;
    use crate::config::keys::{KEYS, LEVELS};
    use crate::rule::Level;

    #[test]
    fn every_key_is_in_the_schema() {
        let schema = schema();
        for key in KEYS {
            let table = if key.table.is_empty() { &schema } else { &schema["properties"][key.table] };
            assert!(table["properties"][key.name]["description"].is_string(), "{}", key.shown());
        }
        assert!(schema["properties"]["rules"]["properties"]["unconditional-sleep"].is_object());
    }

    #[test]
    fn severities_are_the_levels() {
        assert_eq!(LEVELS, Level::ALL.map(Level::name));
    }
}
