//! Secrets are read strictly, kept for a while, and never printed.

#![allow(clippy::unwrap_used)]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use crate::loopback::{env, serve_once};

use super::*;

struct File {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl File {
    fn new(content: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = Self { path: folder.path().join("secrets.json"), _folder: folder };
        file.write(content);
        file.mode(0o600);
        file
    }

    fn write(&self, content: &str) {
        std::fs::write(&self.path, content).unwrap();
    }

    fn mode(&self, mode: u32) {
        std::fs::set_permissions(&self.path, Permissions::from_mode(mode)).unwrap();
    }

    fn secrets(&self) -> Secrets {
        Secrets::new(SecretSource::File(self.path.clone()), &env("http://127.0.0.1:1"))
    }
}

async fn newest(secrets: &Secrets) -> String {
    secrets.get().await.unwrap().newest("x").unwrap().expose_secret().to_owned()
}

#[test]
fn the_setting_says_where_secrets_are() {
    let source = |setting: &str| setting.parse::<SecretSource>().unwrap();
    assert_eq!(source("file:/run/s.json"), SecretSource::File("/run/s.json".into()));
    assert_eq!(source("sekisho/x"), SecretSource::SecretsManager("sekisho/x".into()));
    let arn = "arn:aws:secretsmanager:ap-northeast-1:1:secret:x-AbCdEf";
    assert_eq!(source(arn), SecretSource::SecretsManager(arn.into()));
}

#[tokio::test]
async fn one_value_or_several_are_read() {
    let values = File::new(r#"{"x": ["new", "old"], "y": "one"}"#).secrets().get().await.unwrap();
    let exposed = |name| values.all(name).unwrap().iter().map(|v| v.expose_secret()).collect::<Vec<_>>();
    assert_eq!(exposed("x"), ["new", "old"]);
    assert_eq!(exposed("y"), ["one"]);
    assert_eq!(values.newest("x").unwrap().expose_secret(), "new");
}

#[tokio::test]
async fn an_absent_or_empty_value_is_missing() {
    let values = File::new(r#"{"empty": "", "none": [], "half": ["a", ""]}"#).secrets().get().await.unwrap();
    for name in ["absent", "empty", "none", "half"] {
        assert!(matches!(values.all(name), Err(SecretError::Missing(missing)) if missing == name), "{name}");
        assert!(values.newest(name).is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_malformed_secret_is_refused_without_being_quoted() {
    for content in ["", "hunter2", r#""hunter2""#, r#"["hunter2"]"#, r#"{"x": 1}"#, r#"{"x": {"y": "hunter2"}}"#] {
        let error = File::new(content).secrets().get().await.unwrap_err();
        assert!(matches!(error, SecretError::Malformed), "{content}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn a_file_that_others_may_open_is_refused() {
    let file = File::new(r#"{"x": "1"}"#);
    for mode in [0o644, 0o640, 0o602, 0o601] {
        file.mode(mode);
        let error = file.secrets().get().await.unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    for mode in [0o600, 0o400] {
        file.mode(mode);
        assert!(file.secrets().get().await.is_ok());
    }
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let error =
        Secrets::new(SecretSource::File("/nowhere/s.json".into()), &env("http://127.0.0.1:1")).get().await.unwrap_err();
    assert!(error.to_string().starts_with("secrets file /nowhere/s.json: "), "{error}");
}

#[tokio::test]
async fn secrets_manager_is_asked_for_the_secret() {
    let (endpoint, served) = serve_once("200 OK", r#"{"SecretString":"{\"x\":\"1\"}"}"#);
    let secrets = Secrets::new(SecretSource::SecretsManager("sekisho/x".into()), &env(&endpoint));
    assert_eq!(newest(&secrets).await, "1");
    let asked = served.join().unwrap();
    assert!(
        asked.contains("secretsmanager.GetSecretValue") && asked.contains(r#"{"SecretId":"sekisho/x"}"#),
        "{asked}"
    );
}

#[tokio::test]
async fn a_refusal_of_secrets_manager_is_its_code() {
    let (endpoint, served) = serve_once("400 Bad Request", r#"{"__type":"ResourceNotFoundException"}"#);
    let secrets = Secrets::new(SecretSource::SecretsManager("sekisho/x".into()), &env(&endpoint));
    let error = secrets.get().await.unwrap_err();
    assert_eq!(error.to_string(), "Secrets Manager: ResourceNotFoundException");
    served.join().unwrap();
}

#[tokio::test(start_paused = true)]
async fn values_are_kept_for_five_minutes() {
    let file = File::new(r#"{"x": "1"}"#);
    let secrets = file.secrets();
    assert_eq!(newest(&secrets).await, "1");
    file.write(r#"{"x": "2"}"#);
    tokio::time::advance(LIFETIME - Duration::from_secs(1)).await;
    assert_eq!(newest(&secrets).await, "1");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(newest(&secrets).await, "2");
}

#[tokio::test(start_paused = true)]
async fn a_reload_reads_anew_but_not_in_a_flood() {
    let file = File::new(r#"{"x": "1"}"#);
    let secrets = file.secrets();
    assert_eq!(newest(&secrets).await, "1");
    file.write(r#"{"x": "2"}"#);
    assert_eq!(secrets.reload().await.unwrap().newest("x").unwrap().expose_secret(), "1");
    tokio::time::advance(PAUSE).await;
    assert_eq!(secrets.reload().await.unwrap().newest("x").unwrap().expose_secret(), "2");
}

#[tokio::test(start_paused = true)]
async fn old_values_serve_on_while_a_refresh_fails() {
    let file = File::new(r#"{"x": "1"}"#);
    let secrets = file.secrets();
    assert_eq!(newest(&secrets).await, "1");
    file.write("broken");
    tokio::time::advance(LIFETIME).await;
    assert_eq!(newest(&secrets).await, "1");
    file.write(r#"{"x": "2"}"#);
    assert_eq!(newest(&secrets).await, "1", "the next try is half a minute later");
    tokio::time::advance(PAUSE).await;
    assert_eq!(newest(&secrets).await, "2");
}

#[tokio::test]
async fn debug_output_holds_no_value() {
    let file = File::new(r#"{"x": "hunter2"}"#);
    let secrets = file.secrets();
    let values = secrets.get().await.unwrap();
    let printed = format!("{secrets:?} {values:?}");
    assert!(printed.contains("\"x\"") && !printed.contains("hunter2"), "{printed}");
}
