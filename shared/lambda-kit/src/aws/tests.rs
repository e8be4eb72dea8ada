//! Clients are built from the environment alone, and reach a plain HTTP endpoint.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::loopback::{self, serve_once};
use crate::settings::SettingsError;

fn read(values: &[(&str, &str)]) -> Result<Env, SettingsError> {
    let source = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let mut reader = Reader::new(&source);
    let env = Env::read(&mut reader);
    reader.finish().map(|()| env)
}

const LAMBDA: [(&str, &str); 4] = [
    ("AWS_REGION", "ap-northeast-1"),
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "a-secret-key"),
    ("AWS_SESSION_TOKEN", "a-session-token"),
];

#[test]
fn without_region_or_credentials_nothing_is_built() {
    assert_eq!(
        read(&[]).unwrap_err().to_string(),
        "settings: AWS_REGION is missing; AWS_ACCESS_KEY_ID is missing; AWS_SECRET_ACCESS_KEY is missing"
    );
}

#[test]
fn an_endpoint_must_be_an_http_address() {
    let mut values = LAMBDA.to_vec();
    values.push(("AWS_ENDPOINT_URL_S3", "127.0.0.1:9000"));
    let error = read(&values).unwrap_err();
    assert_eq!(error.to_string(), "settings: AWS_ENDPOINT_URL_S3 is no http:// or https:// address");
}

#[test]
fn debug_output_holds_no_credentials() {
    let printed = format!("{:?}", read(&LAMBDA).unwrap());
    assert!(printed.contains("ap-northeast-1"));
    assert!(!printed.contains("AKIDEXAMPLE") && !printed.contains("secret-key") && !printed.contains("token"));
}

#[test]
fn clients_of_aws_itself_are_built_without_a_call() {
    let env = read(&LAMBDA).unwrap();
    assert_eq!(dynamodb(&env).config().region().unwrap().as_ref(), "ap-northeast-1");
    assert_eq!(s3(&env).config().region().unwrap().as_ref(), "ap-northeast-1");
    assert_eq!(sqs(&env).config().region().unwrap().as_ref(), "ap-northeast-1");
    assert_eq!(secrets_manager(&env).config().region().unwrap().as_ref(), "ap-northeast-1");
}

#[tokio::test]
async fn a_service_endpoint_wins_over_the_common_one_and_speaks_plain_http() {
    let (endpoint, served) = serve_once("200 OK", r#"{"TableNames":[]}"#);
    let mut values = LAMBDA.to_vec();
    values.push(("AWS_ENDPOINT_URL", "http://127.0.0.1:1"));
    values.push(("AWS_ENDPOINT_URL_DYNAMODB", &endpoint));
    let env = read(&values).unwrap();
    let answer = dynamodb(&env).list_tables().send().await.unwrap();
    assert!(answer.table_names().is_empty());
    let asked = served.join().unwrap();
    assert!(asked.contains("Credential=AKIDEXAMPLE/"), "{asked}");
    assert!(asked.to_lowercase().contains("x-amz-security-token: a-session-token"), "{asked}");
}

#[tokio::test]
async fn buckets_are_in_the_path_at_an_endpoint_of_its_own() {
    let (endpoint, served) = serve_once("204 No Content", "");
    s3(&loopback::env(&endpoint)).delete_object().bucket("intake").key("a/b").send().await.unwrap();
    assert!(served.join().unwrap().starts_with("DELETE /intake/a/b"));
}

#[tokio::test]
async fn a_reason_quotes_nothing_of_the_answer() {
    let (endpoint, served) = serve_once("400 Bad Request", r#"{"text": "somebody's words"#);
    let error = dynamodb(&loopback::env(&endpoint)).list_tables().send().await.unwrap_err();
    served.join().unwrap();
    assert!(format!("{error:?}").contains("somebody's words"), "or this function is not needed any more");
    assert_eq!(reason(&error), "refused without a code");

    let (endpoint, served) = serve_once("400 Bad Request", r#"{"__type": "com.amazonaws#ValidationException"}"#);
    let error = dynamodb(&loopback::env(&endpoint)).list_tables().send().await.unwrap_err();
    served.join().unwrap();
    assert_eq!(reason(&error), "ValidationException");

    let error = dynamodb(&loopback::env("http://127.0.0.1:1")).list_tables().send().await.unwrap_err();
    assert_eq!(reason(&error), "no connection");
}
