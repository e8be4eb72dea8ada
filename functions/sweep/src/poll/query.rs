//! Queries of recent search: the answers to our posts and their quotes, as many of our posts in one as fit.

use platforms::x::list::MAX_QUERY;
use store::Root;

/// A query, and the posts of ours that it is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// As search takes it.
    pub(crate) text: String,
    /// The posts of ours.
    pub(crate) roots: Vec<Root>,
}

/// What answers us directly, in whichever conversation.
pub(crate) fn to_us(us: &str) -> String {
    format!("to:{us} -from:{us}")
}

/// Queries for all of these posts, in their order.
pub(crate) fn about(roots: Vec<Root>, us: &str) -> Vec<Query> {
    let tail = format!(") -from:{us}");
    let mut queries: Vec<Query> = Vec::new();
    for root in roots {
        let clause = clause(&root);
        match queries.last_mut() {
            Some(query) if query.text.len() + " OR ".len() + clause.len() + tail.len() <= MAX_QUERY => {
                query.text.push_str(" OR ");
                query.text.push_str(&clause);
                query.roots.push(root);
            }
            Some(_) | None => queries.push(Query { text: format!("({clause}"), roots: vec![root] }),
        }
    }
    for query in &mut queries {
        query.text.push_str(&tail);
    }
    queries
}

fn clause(root: &Root) -> String {
    let mut parts = Vec::new();
    if root.starts {
        parts.push(format!("conversation_id:{}", root.id));
    }
    parts.push(format!("quotes_of_tweet_id:{}", root.id));
    if root.target != root.id {
        parts.push(format!("quotes_of_tweet_id:{}", root.target));
    }
    parts.join(" OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(number: u64) -> Root {
        let id = (1_990_000_000_000_000_000 + number).to_string();
        Root { target: id.clone(), id, starts: true, made_at: jiff::Timestamp::UNIX_EPOCH, done: None }
    }

    #[test]
    fn every_post_is_in_one_query_and_no_query_is_too_long() {
        let us = "9000000000000000001";
        for count in [0, 1, 6, 7, 70] {
            let queries = about((0..count).map(root).collect(), us);
            let within = queries.iter().all(|query| query.text.len() <= MAX_QUERY);
            assert!(within, "{:?}", queries.iter().map(|query| query.text.len()).max());
            let named: Vec<Root> = queries.iter().flat_map(|query| query.roots.clone()).collect();
            assert_eq!(named, (0..count).map(root).collect::<Vec<_>>());
            for query in &queries {
                assert!(query.text.starts_with('(') && query.text.ends_with(&format!(") -from:{us}")));
                assert!(query.roots.iter().all(|root| query.text.contains(&format!("conversation_id:{}", root.id))));
            }
        }
        assert_eq!(about((0..6).map(root).collect(), us).len(), 1, "six fit into 512 characters");
        assert_eq!(about((0..7).map(root).collect(), us).len(), 2);
    }

    #[test]
    fn an_edited_post_is_also_quoted_by_its_newest_id() {
        let edited = Root { target: "42".to_owned(), starts: false, ..root(1) };
        let text = &about(vec![edited], "7")[0].text;
        assert_eq!(text, "(quotes_of_tweet_id:1990000000000000001 OR quotes_of_tweet_id:42) -from:7");
    }
}
