//! Reads fields of a JSON object; errors name the field and never quote its value.

use casework::event::Unreadable;
use jiff::Timestamp;
use serde_json::{Map, Value, error::Category};

/// Parses a body; an error tells the kind of fault, its line and its column.
pub(crate) fn body(raw: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(raw).map_err(|error| {
        let fault = match error.classify() {
            Category::Eof => "JSON ends too early",
            Category::Syntax | Category::Data | Category::Io => "JSON is malformed",
        };
        Unreadable { reason: format!("{fault}, line {}, column {}", error.line(), error.column()) }
    })
}

/// An unreadable delivery, by the path of the field and what is wrong with it.
pub(crate) fn unreadable(path: &str, fault: &str) -> Unreadable {
    Unreadable { reason: format!("{path} {fault}") }
}

/// A JSON object together with its path, which errors name.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a> {
    fields: &'a Map<String, Value>,
    path: &'a str,
}

impl<'a> Object<'a> {
    /// The object at `path`.
    pub(crate) fn read(value: &'a Value, path: &'a str) -> Result<Self, Unreadable> {
        match value.as_object() {
            Some(fields) => Ok(Object { fields, path }),
            None => Err(unreadable(path, "is not an object")),
        }
    }

    /// Names of the fields, sorted.
    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.fields.keys().map(String::as_str)
    }

    /// Whether the field exists, whatever it holds.
    pub(crate) fn has(self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// The value under the first of these spellings that is there and not `null`.
    pub(crate) fn value(self, spellings: &[&str]) -> Option<&'a Value> {
        spellings.iter().filter_map(|name| self.fields.get(*name)).find(|value| !value.is_null())
    }

    /// A string; `None` when absent or `null`.
    pub(crate) fn text(self, name: &str) -> Result<Option<&'a str>, Unreadable> {
        match self.value(&[name]) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.fault(name, "is not a string")),
        }
    }

    /// A string that must be there.
    pub(crate) fn needed_text(self, name: &str) -> Result<&'a str, Unreadable> {
        self.text(name)?.ok_or_else(|| self.fault(name, "is missing"))
    }

    /// A string that is worth keeping: not empty.
    pub(crate) fn kept_text(self, name: &str) -> Result<Option<String>, Unreadable> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    /// A time in RFC 3339; `None` when absent or `null`.
    pub(crate) fn time(self, name: &str) -> Result<Option<Timestamp>, Unreadable> {
        match self.text(name)? {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| self.fault(name, "is not a time")),
        }
    }

    /// A time that must be there.
    pub(crate) fn needed_time(self, name: &str) -> Result<Timestamp, Unreadable> {
        self.time(name)?.ok_or_else(|| self.fault(name, "is missing"))
    }

    /// An object under one of these spellings; `None` when absent or `null`.
    pub(crate) fn object(self, spellings: &[&'a str]) -> Result<Option<Object<'a>>, Unreadable> {
        match self.value(spellings) {
            None => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Object { fields, path: spellings[0] })),
            Some(_) => Err(self.fault(spellings[0], "is not an object")),
        }
    }

    /// An array under one of these spellings; empty when absent or `null`.
    pub(crate) fn list(self, spellings: &[&str]) -> Result<&'a [Value], Unreadable> {
        match self.value(spellings) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(self.fault(spellings[0], "is not a list")),
        }
    }

    /// An error about one field.
    pub(crate) fn fault(self, name: &str, fault: &str) -> Unreadable {
        unreadable(&format!("{}.{name}", self.path), fault)
    }
}
