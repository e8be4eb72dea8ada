//! `when`: CEL conditions with a closed list of fields and three answers.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use cel::common::ast::{EntryExpr, Expr};
use cel::objects::{Key, Map};
use cel::{Context, Env, IdedExpr, Program, Value};

use super::field::Field;
use super::prepare::Flaw;
use super::simple::Simple;

/// What a condition answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// These fields were not known, and it depends on them.
    Unknown(Vec<Field>),
}

/// A condition, compiled when first asked.
#[derive(Debug)]
pub(crate) struct Condition {
    source: String,
    compiled: OnceLock<Option<Compiled>>,
}

#[derive(Debug)]
struct Compiled {
    program: Program,
    fields: Vec<Field>,
    /// The same condition without CEL's machinery, where it is one of the usual ones.
    simple: Option<Simple>,
}

impl Condition {
    pub(crate) fn new(source: String) -> Self {
        Condition { source, compiled: OnceLock::new() }
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Compiles; tells what is wrong, an unknown field included.
    pub(crate) fn check(source: &str) -> Result<(), Flaw> {
        compile(source).map(|_| ())
    }

    /// The fields that it names.
    pub(crate) fn fields(&self) -> Vec<Field> {
        let compiled = self.compiled.get_or_init(|| compile(&self.source).ok()).as_ref();
        compiled.map(|compiled| compiled.fields.clone()).unwrap_or_default()
    }

    /// Whether it names a field of the matches.
    pub(crate) fn is_about_matches(&self) -> bool {
        let compiled = self.compiled.get_or_init(|| compile(&self.source).ok()).as_ref();
        compiled.is_some_and(|compiled| compiled.fields.iter().any(|field| field.is_about_matches()))
    }

    /// Asks, with the values of the fields that are known.
    pub(crate) fn ask(&self, value: impl Fn(Field) -> Option<Value>) -> Answer {
        let compiled = self.compiled.get_or_init(|| compile(&self.source).ok()).as_ref();
        let Some(compiled) = compiled else { return Answer::Unknown(Vec::new()) };
        match compiled.simple.as_ref().and_then(|simple| simple.ask(&value)) {
            Some(Some(true)) => Answer::Yes,
            Some(Some(false)) => Answer::No,
            Some(None) => {
                Answer::Unknown(compiled.fields.iter().copied().filter(|field| value(*field).is_none()).collect())
            }
            None => compiled.ask(value),
        }
    }
}

impl Compiled {
    /// Asks CEL.
    fn ask(&self, value: impl Fn(Field) -> Option<Value>) -> Answer {
        let mut roots: HashMap<&str, HashMap<Key, Value>> = HashMap::new();
        let mut missing = Vec::new();
        for &field in &self.fields {
            let Some((root, name)) = field.name().split_once('.') else { continue };
            let fields = roots.entry(root).or_default();
            match value(field) {
                Some(value) => {
                    fields.insert(Key::from(name), value);
                }
                None => missing.push(field),
            }
        }
        let mut context = Context::with_env(environment());
        for (root, fields) in roots {
            context.add_variable_from_value(root, Value::Map(Map { map: Arc::new(fields) }));
        }
        match self.program.execute(&context) {
            Ok(Value::Bool(true)) => Answer::Yes,
            Ok(Value::Bool(false)) => Answer::No,
            Ok(_) | Err(_) => Answer::Unknown(missing),
        }
    }
}

fn environment() -> Arc<Env> {
    static ENVIRONMENT: OnceLock<Arc<Env>> = OnceLock::new();
    Arc::clone(ENVIRONMENT.get_or_init(|| Arc::new(Env::stdlib())))
}

fn compile(source: &str) -> Result<Compiled, Flaw> {
    let program = Program::compile(source).map_err(|errors| match errors.errors.first() {
        Some(error) => Flaw { at: position(source, error.pos), message: format!("condition: {}", error.msg) },
        None => Flaw { at: 0, message: "condition: it can't be read".to_owned() },
    })?;
    let mut fields = Vec::new();
    collect(program.expression(), &mut Vec::new(), &mut fields).map_err(|unknown| unknown.in_source(source))?;
    fields.sort_unstable();
    fields.dedup();
    let simple = Simple::of(program.expression());
    Ok(Compiled { program, fields, simple })
}

/// Bytes up to a line and column, both from 1.
fn position(source: &str, (line, column): (isize, isize)) -> usize {
    let before = |count: isize| usize::try_from(count - 1).unwrap_or(0);
    let start: usize = source.split_inclusive('\n').take(before(line)).map(str::len).sum();
    let rest = source.get(start..).unwrap_or_default();
    let within: usize = rest.chars().take(before(column)).map(char::len_utf8).sum();
    source.floor_char_boundary((start + within).min(source.trim_end().len().saturating_sub(1)))
}

/// A name that is no field.
struct NoField(String);

impl NoField {
    fn in_source(self, source: &str) -> Flaw {
        let NoField(name) = self;
        let (root, _) = name.split_once('.').unwrap_or((&name, ""));
        let whole = |at: usize| {
            let part = |c: char| c.is_alphanumeric() || c == '_';
            !source[..at].ends_with(|c: char| part(c) || c == '.') && !source[at + name.len()..].starts_with(part)
        };
        let at = source.match_indices(&name).map(|(at, _)| at).find(|at| whole(*at)).unwrap_or(0);
        let same_root =
            Field::all().map(Field::name).filter(|field| field.split_once('.').is_some_and(|(other, _)| other == root));
        let known: Vec<&str> = same_root.collect();
        let message = match (known.is_empty(), name.contains('.')) {
            (false, _) => format!("there is no field {name}; there are {}", known.join(", ")),
            (true, true) => format!("there is no field {name}"),
            (true, false) => format!("{name} is no field; fields are written like author.strikes"),
        };
        Flaw { at, message }
    }
}

/// Gathers the fields that an expression names; `bound` are the variables of comprehensions around it.
fn collect(expression: &IdedExpr, bound: &mut Vec<String>, fields: &mut Vec<Field>) -> Result<(), NoField> {
    match &expression.expr {
        Expr::Unspecified | Expr::Literal(_) => Ok(()),
        Expr::Ident(name) if bound.contains(name) || name.starts_with('@') => Ok(()),
        Expr::Ident(name) => Err(NoField(name.clone())),
        Expr::Select(select) => match &select.operand.expr {
            Expr::Ident(root) if !bound.contains(root) => {
                let path = format!("{root}.{}", select.field);
                fields.push(Field::of(&path).ok_or(NoField(path))?);
                Ok(())
            }
            Expr::Unspecified
            | Expr::Literal(_)
            | Expr::Ident(_)
            | Expr::Select(_)
            | Expr::Call(_)
            | Expr::List(_)
            | Expr::Map(_)
            | Expr::Struct(_)
            | Expr::Comprehension(_) => collect(&select.operand, bound, fields),
        },
        Expr::Call(call) => {
            if let Some(target) = &call.target {
                collect(target, bound, fields)?;
            }
            call.args.iter().try_for_each(|argument| collect(argument, bound, fields))
        }
        Expr::List(list) => list.elements.iter().try_for_each(|element| collect(element, bound, fields)),
        Expr::Map(map) => map.entries.iter().try_for_each(|entry| collect_entry(&entry.expr, bound, fields)),
        Expr::Struct(made) => made.entries.iter().try_for_each(|entry| collect_entry(&entry.expr, bound, fields)),
        Expr::Comprehension(each) => {
            collect(&each.iter_range, bound, fields)?;
            collect(&each.accu_init, bound, fields)?;
            let before = bound.len();
            bound.push(each.iter_var.clone());
            bound.extend(each.iter_var2.clone());
            bound.push(each.accu_var.clone());
            let inner = [&each.loop_cond, &each.loop_step, &each.result];
            let collected = inner.into_iter().try_for_each(|part| collect(part, bound, fields));
            bound.truncate(before);
            collected
        }
    }
}

fn collect_entry(entry: &EntryExpr, bound: &mut Vec<String>, fields: &mut Vec<Field>) -> Result<(), NoField> {
    match entry {
        EntryExpr::StructField(field) => collect(&field.value, bound, fields),
        EntryExpr::MapEntry(entry) => {
            collect(&entry.key, bound, fields)?;
            collect(&entry.value, bound, fields)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ask(source: &str, known: &[(&'static str, i64)]) -> Answer {
        Condition::new(source.into())
            .ask(|field| known.iter().find(|(name, _)| *name == field.name()).map(|(_, value)| Value::Int(*value)))
    }

    #[test]
    fn missing_values_are_unknown_only_where_they_matter() {
        assert_eq!(ask("author.strikes > 0", &[("author.strikes", 1)]), Answer::Yes);
        assert_eq!(ask("author.strikes > 0", &[("author.strikes", 0)]), Answer::No);
        assert_eq!(ask("author.strikes > 0", &[]), Answer::Unknown(vec![Field::AuthorStrikes]));
        assert_eq!(ask("author.strikes > 0 || text.chars > 3", &[("text.chars", 9)]), Answer::Yes);
        assert_eq!(ask("has(author.strikes) && author.strikes > 0", &[]), Answer::No);
    }

    /// Conditions of every shape, over fields that are known, missing or of another type than asked for.
    fn conditions() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::prelude::*;
        let field = prop_oneof![
            Just("text.chars"),
            Just("text.question"),
            Just("author.strikes"),
            Just("match.share"),
            Just("post.lang")
        ];
        let literal = prop_oneof![Just("0"), Just("3"), Just("-1"), Just("0.5"), Just("true"), Just("'ja'")];
        let order = prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("=="), Just("!=")];
        let leaf = prop_oneof![
            field.clone().prop_map(str::to_owned),
            field.clone().prop_map(|field| format!("has({field})")),
            (field.clone(), order.clone(), literal.clone())
                .prop_map(|(a, order, literal)| format!("{a} {order} {literal}")),
            (field.clone(), field, order, literal)
                .prop_map(|(a, b, order, literal)| format!("{a} + {b} {order} {literal}")),
        ];
        leaf.prop_recursive(4, 16, 2, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
                inner.prop_map(|a| format!("!({a})")),
            ]
        })
    }

    proptest::proptest! {
        #[test]
        fn simple_conditions_answer_as_cel_does(source in conditions(), chars in 0_i64..5, asks: bool, known: u8) {
            let Ok(compiled) = compile(&source) else { return Ok(()) };
            let value = |field: Field| {
                let (place, value) = match field.name() {
                    "text.chars" => (0, Value::Int(chars)),
                    "text.question" => (1, Value::Bool(asks)),
                    "author.strikes" => (2, Value::Int(chars - 2)),
                    "match.share" => (3, Value::Float(0.25 * chars as f64)),
                    _ => (4, Value::String(Arc::new("ja".into()))),
                };
                (known & 1 << place != 0).then_some(value)
            };
            let condition = Condition::new(source.clone());
            assert_eq!(condition.ask(value), compiled.ask(value), "{source}");
        }
    }

    #[test]
    fn unknown_fields_and_broken_conditions_fail_the_check() {
        assert!(Condition::check("author.strikes > 0 && links.domains.exists(d, d == 'a.b')").is_ok());
        assert!(Condition::check("author.strike > 0").is_err());
        assert!(Condition::check("strikes > 0").is_err());
        assert!(Condition::check("author.strikes >").is_err());
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        let at = |source: &str, word: &str| {
            let flaw = Condition::check(source).unwrap_err();
            assert_eq!(source.get(flaw.at..flaw.at + word.len()), Some(word), "{flaw:?}");
            flaw.message
        };
        let message = at("'死ね' != '' && author.strike > 0", "author.strike ");
        assert!(message.contains("author.strikes"), "{message}");
        at("post.kind == 'reply' && strikes > 0", "strikes");
        at("author.strikes > 0 &&\n  text.words.count > 1 || authors.age > 1", "authors.age");
        at("text.chars > 3 && ) || text.words > 1", ")");
    }
}
