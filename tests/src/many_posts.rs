//! A person with very many posts, without writing each: copies of what one post left when it went through the
//! functions.

use aws_sdk_dynamodb::types::{PutRequest, StreamSpecification, WriteRequest};
use futures::stream::{self, StreamExt};
use local::stack::table_name;
use serde_json::Value;

use crate::flow::THREAT;
use crate::{World, table};

/// Batches written at a time.
const AT_ONCE: usize = 4;
/// Items that DynamoDB takes in one batch.
const BATCH: usize = 25;

/// What the posts say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Each its own words, as far as same texts are told by their keys.
    Own,
    /// All the same.
    Same,
}

impl World {
    /// Gives the fan so many posts, each a threat that was decided and acted on.
    pub async fn with_posts(&self, count: usize, texts: Texts) {
        let id = Box::pin(self.decided_reply(THREAT)).await;
        let all = self.items("", "").await;
        let template: Vec<String> = all.iter().map(Value::to_string).filter(|item| item.contains(&id)).collect();
        assert!(template.len() >= 6, "head, claim, decision, action, content, strike, sighting");
        let sighting = all.iter().find_map(|item| item["pk"].as_str()?.strip_prefix("SAME#")).unwrap();
        let copies = (1..count).flat_map(|number| {
            let (other, hash) = (format!("3{number:018}"), format!("{number:0width$x}", width = sighting.len()));
            let own = move |item: &String| match texts {
                Texts::Own => item.replace(sighting, &hash),
                Texts::Same => item.clone(),
            };
            let id = &id;
            template.iter().map(own).map(move |item| item.replace(id, &other)).collect::<Vec<_>>()
        });
        let writes = copies.map(|item| {
            let item: Value = serde_json::from_str(&item).unwrap();
            let put = PutRequest::builder().set_item(Some(serde_dynamo::to_item(item).unwrap())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let client = table::client(&self.engine.address);
        // With a stream the engine looks through all of it at every write.
        let off = StreamSpecification::builder().stream_enabled(false).build().unwrap();
        client.update_table().table_name(table_name().unwrap()).stream_specification(off).send().await.unwrap();
        stream::iter(writes)
            .chunks(BATCH)
            .for_each_concurrent(AT_ONCE, |batch| async {
                client.batch_write_item().request_items(table_name().unwrap(), batch).send().await.unwrap();
            })
            .await;
    }
}
