//! Queries of recent search, as far as they name posts and users: words of text are not understood.

use super::state::{Post, State};

/// Any of these, and none of those.
pub(super) struct Query {
    any: Vec<Operator>,
    none: Vec<Operator>,
}

/// An operator that stands alone (X docs, search operators).
enum Operator {
    Conversation(String),
    QuotesOf(String),
    From(String),
    To(String),
}

impl Query {
    /// Reads `(a OR b OR …) -c -d`, with or without parentheses around a single operator.
    pub(super) fn parse(text: &str) -> Option<Query> {
        let mut query = Query { any: Vec::new(), none: Vec::new() };
        let text = text.replace(['(', ')'], " ");
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut or = true;
        for word in words {
            if word == "OR" {
                or = true;
                continue;
            }
            match word.strip_prefix('-') {
                Some(word) => query.none.push(Operator::parse(word)?),
                None if or => query.any.push(Operator::parse(word)?),
                // Two operators side by side would have to hold both, which nothing here needs.
                None => return None,
            }
            or = false;
        }
        (!query.any.is_empty()).then_some(query)
    }

    pub(super) fn finds(&self, state: &State, post: &Post) -> bool {
        self.any.iter().any(|operator| operator.holds(state, post))
            && !self.none.iter().any(|operator| operator.holds(state, post))
    }
}

impl Operator {
    fn parse(word: &str) -> Option<Operator> {
        let (name, value) = word.split_once(':')?;
        let value = (!value.is_empty()).then(|| value.to_owned())?;
        match name {
            "conversation_id" => Some(Operator::Conversation(value)),
            "quotes_of_tweet_id" => Some(Operator::QuotesOf(value)),
            "from" => Some(Operator::From(value)),
            "to" => Some(Operator::To(value)),
            _ => None,
        }
    }

    fn holds(&self, state: &State, post: &Post) -> bool {
        match self {
            Operator::Conversation(id) => post.conversation == *id,
            Operator::QuotesOf(id) => post.quoted.as_ref() == Some(id),
            Operator::From(user) => is(state, &post.author, user),
            Operator::To(user) => {
                let answered = post.in_reply_to.as_ref().and_then(|id| state.posts.get(id));
                answered.is_some_and(|answered| is(state, &answered.author, user))
            }
        }
    }
}

/// Users are named by handle or id.
fn is(state: &State, id: &str, named: &str) -> bool {
    id == named || state.users.get(id).is_some_and(|user| user.username == named)
}
