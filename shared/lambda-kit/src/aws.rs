//! AWS clients from what Lambda puts in the environment, and from nothing else.
//!
//! The usual chain of credential sources ends at the instance metadata service. Here region and
//! credentials come from variables or the program does not start, so no call can leave for it.

mod connector;

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use crate::settings::Reader;

/// Attempts of one call, the first included.
const ATTEMPTS: u32 = 3;
/// To open a connection.
const CONNECT: Duration = Duration::from_secs(1);
/// For one attempt.
const ATTEMPT: Duration = Duration::from_secs(3);
/// For a call with all its attempts: within the 10 s that X waits for a webhook's answer.
const OPERATION: Duration = Duration::from_secs(8);
/// For a mail to be taken, which is tried once.
const MAIL: Duration = Duration::from_secs(20);

/// Region, credentials and endpoints of the AWS services, read once at start.
#[derive(Clone)]
pub struct Env {
    region: Region,
    credentials: Credentials,
    dynamodb: Option<String>,
    s3: Option<String>,
    sqs: Option<String>,
    secrets_manager: Option<String>,
    sesv2: Option<String>,
    https: SharedHttpClient,
    plain: SharedHttpClient,
}

impl Env {
    /// Reads the variables that Lambda sets, and overrides of endpoints:
    ///
    /// - `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`: required,
    /// - `AWS_SESSION_TOKEN`: set by Lambda, absent for static credentials,
    /// - `AWS_ENDPOINT_URL`: where all services are, instead of AWS; for one service
    ///   `AWS_ENDPOINT_URL_DYNAMODB`, `_S3`, `_SQS`, `_SECRETS_MANAGER`, `_SESV2`.
    ///
    /// Problems are left with `reader`, whose `finish` refuses the result.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let region = reader.required("AWS_REGION");
        let key = reader.required("AWS_ACCESS_KEY_ID");
        let secret = reader.required("AWS_SECRET_ACCESS_KEY");
        let token = reader.optional("AWS_SESSION_TOKEN");
        let all = endpoint(reader, "AWS_ENDPOINT_URL");
        let mut service = |name| endpoint(reader, name).or_else(|| all.clone());
        Self {
            region: Region::new(region),
            credentials: Credentials::new(key, secret, token, None, "environment"),
            dynamodb: service("AWS_ENDPOINT_URL_DYNAMODB"),
            s3: service("AWS_ENDPOINT_URL_S3"),
            sqs: service("AWS_ENDPOINT_URL_SQS"),
            secrets_manager: service("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
            sesv2: service("AWS_ENDPOINT_URL_SESV2"),
            https: connector::https(),
            plain: connector::plain(),
        }
    }

    /// The connector for an endpoint: plain HTTP never loads certificates.
    fn http_client(&self, endpoint: Option<&String>) -> SharedHttpClient {
        match endpoint {
            Some(url) if url.starts_with("http://") => self.plain.clone(),
            Some(_) | None => self.https.clone(),
        }
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").field("region", &self.region.as_ref()).finish_non_exhaustive()
    }
}

/// An override of an endpoint; anything but an HTTP address is a problem.
fn endpoint(reader: &mut Reader<'_>, name: &'static str) -> Option<String> {
    let url = reader.optional(name)?;
    if url.starts_with("http://") || url.starts_with("https://") {
        return Some(url);
    }
    reader.contradiction(format!("{name} is no http:// or https:// address"));
    None
}

/// Settings that every client has in common, whatever crate its `Config` is from.
macro_rules! client {
    ($sdk:ident, $env:expr, $endpoint:expr) => {{
        let (env, endpoint) = ($env, $endpoint);
        let mut config = $sdk::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(env.region.clone())
            .credentials_provider(env.credentials.clone())
            .http_client(env.http_client(endpoint))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT)
                    .operation_attempt_timeout(ATTEMPT)
                    .operation_timeout(OPERATION)
                    .build(),
            )
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
        config.set_endpoint_url(endpoint.cloned());
        config
    }};
}

/// A client of DynamoDB.
pub fn dynamodb(env: &Env) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::from_conf(client!(aws_sdk_dynamodb, env, env.dynamodb.as_ref()).build())
}

/// A client of S3. With an endpoint of its own, buckets are in the path, since no such host name
/// as `bucket.127.0.0.1` resolves.
pub fn s3(env: &Env) -> aws_sdk_s3::Client {
    let config = client!(aws_sdk_s3, env, env.s3.as_ref()).force_path_style(env.s3.is_some());
    aws_sdk_s3::Client::from_conf(config.build())
}

/// A client of SQS.
pub fn sqs(env: &Env) -> aws_sdk_sqs::Client {
    aws_sdk_sqs::Client::from_conf(client!(aws_sdk_sqs, env, env.sqs.as_ref()).build())
}

/// A client of SES, which asks once and waits for the answer: SES would not know a mail again, and whoever keeps it sends
/// it later.
pub fn sesv2(env: &Env) -> aws_sdk_sesv2::Client {
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).operation_timeout(MAIL).build();
    let config = client!(aws_sdk_sesv2, env, env.sesv2.as_ref());
    let config = config.timeout_config(timeouts).retry_config(RetryConfig::disabled());
    aws_sdk_sesv2::Client::from_conf(config.build())
}

/// A client of Secrets Manager.
pub fn secrets_manager(env: &Env) -> aws_sdk_secretsmanager::Client {
    aws_sdk_secretsmanager::Client::from_conf(
        client!(aws_sdk_secretsmanager, env, env.secrets_manager.as_ref()).build(),
    )
}

/// Why a call failed, fit for a log: the service's code, or what went wrong on the way. The SDK's
/// own words may hold the answer's body, and with it a secret or a post.
pub fn reason<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    if let Some(code) = error.as_service_error().and_then(ProvideErrorMetadata::code) {
        return code.to_owned();
    }
    let reason = match error {
        SdkError::ConstructionFailure(_) => "the request could not be made",
        SdkError::TimeoutError(_) => "timed out",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "timed out",
        SdkError::DispatchFailure(_) => "no connection",
        SdkError::ResponseError(_) => "the answer could not be read",
        SdkError::ServiceError(_) => "refused without a code",
        _ => "failed",
    };
    reason.to_owned()
}

#[cfg(test)]
mod tests;
