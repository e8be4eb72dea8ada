//! What a Lambda function in Rust costs before it does anything: the runtime and a DynamoDB client. `bench-cold-start`
//! measures the functions against it.

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("ap-northeast-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "minimal"))
        .http_client(Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https())
        .build();
    let client = aws_sdk_dynamodb::Client::from_conf(config);
    lambda_runtime::run(service_fn(|event: LambdaEvent<Value>| {
        let client = client.clone();
        async move {
            // Keeps the client in the binary; never reached by the benchmark.
            if event.payload["tables"].is_u64() {
                client.list_tables().send().await?;
            }
            Ok::<_, Error>(Value::Null)
        }
    }))
    .await
}
