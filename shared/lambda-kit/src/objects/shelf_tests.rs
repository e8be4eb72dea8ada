#![allow(clippy::unwrap_used)]

use super::*;
use crate::aws;
use crate::loopback::{self, serve_once};

fn bucket(endpoint: &str) -> S3Objects {
    S3Objects::new(aws::s3(&loopback::env(endpoint)), "bucket")
}

#[tokio::test]
async fn s3_is_told_to_lock_and_never_to_replace() {
    let (endpoint, served) = serve_once("200 OK", "");
    assert!(bucket(&endpoint).put_locked("roots/a.json", Bytes::from_static(b"{}"), 1_800_000_000).await.unwrap());
    let asked = served.join().unwrap().to_lowercase();
    for part in [
        "put /bucket/roots/a.json",
        "x-amz-object-lock-mode: compliance",
        "x-amz-object-lock-retain-until-date: 2027-01-15t08:00:00z",
        "if-none-match: *",
        "x-amz-checksum-",
    ] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
    let (endpoint, served) = serve_once("412 Precondition Failed", "<Error><Code>PreconditionFailed</Code></Error>");
    assert!(!bucket(&endpoint).put_locked("roots/a.json", Bytes::new(), 1_800_000_000).await.unwrap());
    served.join().unwrap();
}

#[tokio::test]
async fn an_address_of_s3_is_signed_and_ends() {
    let address =
        bucket("http://127.0.0.1:9").link("packages/a.json", "a.json", Duration::from_secs(300)).await.unwrap();
    for part in ["/bucket/packages/a.json?", "X-Amz-Expires=300", "X-Amz-Signature=", "response-content-disposition="] {
        assert!(address.contains(part), "{part} in {address}");
    }
}

#[tokio::test]
async fn s3_lists_what_begins_so() {
    let body = "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>erasures/a.json</Key></Contents>\
                </ListBucketResult>";
    let (endpoint, served) = serve_once("200 OK", body);
    assert_eq!(bucket(&endpoint).list("erasures/").await.unwrap(), ["erasures/a.json"]);
    assert!(served.join().unwrap().contains("prefix=erasures"));
}

#[tokio::test]
async fn a_folder_keeps_what_is_locked_lists_and_gives_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let objects = FolderObjects::new(folder.path().join("proof"));
    assert_eq!(objects.list("roots/").await.unwrap(), Vec::<String>::new());
    assert!(objects.put_locked("roots/b.json", Bytes::from_static(b"first"), 0).await.unwrap());
    assert!(!objects.put_locked("roots/b.json", Bytes::from_static(b"second"), 0).await.unwrap());
    assert_eq!(objects.get("roots/b.json").await.unwrap().unwrap(), "first");
    let file = folder.path().join("file");
    std::fs::write(&file, "from a file").unwrap();
    objects.put_file("roots/a.json", &file, "application/json").await.unwrap();
    objects.put("other/c", Bytes::new()).await.unwrap();
    assert_eq!(objects.list("roots/").await.unwrap(), ["roots/a.json", "roots/b.json"]);

    assert!(objects.link("roots/a.json", "a.json", Duration::from_secs(9)).await.is_err(), "without an origin");
    let links = Links::new("http://127.0.0.1:1/objects");
    let objects = objects.with_links(links.clone());
    let address = objects.link("roots/a.json", "a.json", Duration::from_secs(9)).await.unwrap();
    let word = address.strip_prefix("http://127.0.0.1:1/objects/").unwrap();
    assert_eq!(links.open(word), Some(("roots/a.json".to_owned(), "a.json".to_owned())));
    assert_eq!(links.open("roots/a.json"), None);
    let over = objects.link("roots/a.json", "a.json", Duration::ZERO).await.unwrap();
    assert_eq!(links.open(over.rsplit('/').next().unwrap()), None);
}
