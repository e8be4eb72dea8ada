//! Clients are built from the environment alone, and reach a plain HTTP endpoint.

#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;
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

/// Answers one request with `answer` and hands back what was asked.
fn serve_once(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut buffer = [0; 4096];
        while !asked.windows(4).any(|window| window == b"\r\n\r\n") {
            let n = stream.read(&mut buffer).unwrap();
            asked.extend_from_slice(&buffer[..n]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8_lossy(&asked).into_owned()
    });
    (endpoint, served)
}

#[tokio::test]
async fn a_service_endpoint_wins_over_the_common_one_and_speaks_plain_http() {
    let (endpoint, served) = serve_once(
        "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 17\r\nconnection: close\r\n\r\n\
         {\"TableNames\":[]}",
    );
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
    let (endpoint, served) = serve_once("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    let mut values = LAMBDA.to_vec();
    values.push(("AWS_ENDPOINT_URL", &endpoint));
    s3(&read(&values).unwrap()).delete_object().bucket("intake").key("a/b").send().await.unwrap();
    assert!(served.join().unwrap().starts_with("DELETE /intake/a/b"));
}
