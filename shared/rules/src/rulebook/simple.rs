//! The usual conditions (comparisons of fields and their sums with literals, `has`, `!`, `&&`, `||`) asked without CEL's
//! machinery, which costs more than all the rest of judging. What is not certain to come out as in CEL is left to CEL.

use cel::common::ast::{CallExpr, Expr, LiteralValue, SelectExpr};
use cel::{IdedExpr, Value};

use super::field::Field;

/// A condition of the usual kind.
#[derive(Debug)]
pub(super) enum Simple {
    Field(Field),
    Has(Field),
    /// The sum of some fields beside a literal.
    Compare(Vec<Field>, Order, Value),
    Not(Box<Simple>),
    Both(Box<Simple>, Box<Simple>),
    Either(Box<Simple>, Box<Simple>),
}

/// How a field is compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Unequal,
}

impl Simple {
    /// The condition, where it is of the usual kind.
    pub(super) fn of(expression: &IdedExpr) -> Option<Simple> {
        match &expression.expr {
            Expr::Select(select) => {
                let field = field(select)?;
                Some(if select.test { Simple::Has(field) } else { Simple::Field(field) })
            }
            Expr::Call(call) if call.target.is_none() => Simple::of_call(call),
            Expr::Call(_)
            | Expr::Unspecified
            | Expr::Comprehension(_)
            | Expr::Ident(_)
            | Expr::List(_)
            | Expr::Literal(_)
            | Expr::Map(_)
            | Expr::Struct(_) => None,
        }
    }

    fn of_call(call: &CallExpr) -> Option<Simple> {
        let simple = |at: usize| call.args.get(at).and_then(Simple::of).map(Box::new);
        let order = match (call.func_name.as_str(), call.args.len()) {
            ("!_", 1) => return Some(Simple::Not(simple(0)?)),
            ("_&&_", 2) => return Some(Simple::Both(simple(0)?, simple(1)?)),
            ("_||_", 2) => return Some(Simple::Either(simple(0)?, simple(1)?)),
            ("_<_", 2) => Order::Less,
            ("_<=_", 2) => Order::AtMost,
            ("_>_", 2) => Order::More,
            ("_>=_", 2) => Order::AtLeast,
            ("_==_", 2) => Order::Equal,
            ("_!=_", 2) => Order::Unequal,
            _ => return None,
        };
        let Expr::Literal(literal) = &call.args[1].expr else { return None };
        let mut fields = Vec::new();
        summed(&call.args[0].expr, &mut fields)?;
        Some(Simple::Compare(fields, order, number(literal)?))
    }

    /// Yes, no or, inside, neither, as where a value is missing or no truth value; outside, a question for CEL itself.
    pub(super) fn ask(&self, value: &impl Fn(Field) -> Option<Value>) -> Option<Option<bool>> {
        Some(match self {
            Simple::Field(field) => match value(*field) {
                Some(Value::Bool(answer)) => Some(answer),
                Some(_) | None => None,
            },
            Simple::Has(field) => Some(value(*field).is_some()),
            Simple::Compare(fields, order, literal) => {
                let compared = match fields[..] {
                    [field] => value(field),
                    _ => match fields.iter().map(|field| value(*field)).collect::<Option<Vec<Value>>>() {
                        Some(values) => Some(sum(values)?),
                        None => None,
                    },
                };
                match compared {
                    Some(compared) => Some(order.holds(&compared, literal)?),
                    None => None,
                }
            }
            Simple::Not(inner) => inner.ask(value)?.map(|answer| !answer),
            Simple::Both(left, right) => match left.ask(value)? {
                Some(false) => Some(false),
                left => match (left, right.ask(value)?) {
                    (Some(true), right) => right,
                    (_, Some(false)) => Some(false),
                    _ => None,
                },
            },
            Simple::Either(left, right) => match left.ask(value)? {
                Some(true) => Some(true),
                left => match (left, right.ask(value)?) {
                    (Some(false), right) => right,
                    (_, Some(true)) => Some(true),
                    _ => None,
                },
            },
        })
    }
}

impl Order {
    /// `None` for other types than two numbers of one kind.
    fn holds(self, value: &Value, literal: &Value) -> Option<bool> {
        match (value, literal) {
            (Value::Int(value), Value::Int(literal)) => Some(self.of(value, literal)),
            (Value::Float(value), Value::Float(literal)) => Some(self.of(value, literal)),
            _ => None,
        }
    }

    fn of<T: PartialOrd>(self, value: &T, literal: &T) -> bool {
        match self {
            Order::Less => value < literal,
            Order::AtMost => value <= literal,
            Order::More => value > literal,
            Order::AtLeast => value >= literal,
            Order::Equal => value == literal,
            Order::Unequal => value != literal,
        }
    }
}

/// The fields of a sum, in order.
fn summed(expression: &Expr, fields: &mut Vec<Field>) -> Option<()> {
    if let Expr::Select(select) = expression {
        fields.push(field(select).filter(|_| !select.test)?);
        return Some(());
    }
    let Expr::Call(call) = expression else { return None };
    if call.target.is_some() || call.func_name != "_+_" {
        return None;
    }
    call.args.iter().try_for_each(|part| summed(&part.expr, fields))
}

/// `None` for other types than numbers of one kind, and where whole numbers overflow.
fn sum(values: Vec<Value>) -> Option<Value> {
    values.into_iter().map(Some).reduce(|left, right| match (left?, right?) {
        (Value::Int(left), Value::Int(right)) => left.checked_add(right).map(Value::Int),
        (Value::Float(left), Value::Float(right)) => Some(Value::Float(left + right)),
        _ => None,
    })?
}

/// The field that is named, spelled `root.name`.
fn field(select: &SelectExpr) -> Option<Field> {
    let Expr::Ident(root) = &select.operand.expr else { return None };
    Field::of(&format!("{root}.{}", select.field))
}

fn number(literal: &LiteralValue) -> Option<Value> {
    match literal {
        LiteralValue::Int(number) => Some(Value::Int(*number.inner())),
        LiteralValue::Double(number) => Some(Value::Float(*number.inner())),
        LiteralValue::Boolean(_)
        | LiteralValue::Bytes(_)
        | LiteralValue::Null
        | LiteralValue::String(_)
        | LiteralValue::UInt(_) => None,
    }
}
