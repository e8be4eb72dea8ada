//! A signed event through Lambda's runtime API, as `cargo lambda` emulates it, with the release binaries: decided and
//! hidden. Needs `tests/run --full`, which builds them.
#![cfg(feature = "full")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use casework::decision::PostKey;
use casework::ledger::Desk;
use local::simulator::clock;
use local::simulator::deliver::x_event::{self, PostEvent};
use local::simulator::deliver::{CrcAnswer, Delivery, XWebhook};
use local::simulator::x::{Link, User};
use local::stack::{Options, Stack, X_USER, function_variables, secrets_file};
use rules::{Platform, Verdict};

/// How long anything here may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A child that ends with the test.
struct Own(Child);

impl Drop for Own {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_reply_is_decided_and_hidden_by_the_real_binaries() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { folder: folder.path().to_owned(), data: None, port: 0, clock: clock::system() };
    let stack = Stack::start(options.clone()).await.unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let _apis = Own(Command::new("cargo")
        .args(["lambda", "watch", "--ignore-changes", "--only-lambda-apis", "--invoke-address", "127.0.0.1"])
        .args(["--invoke-port", &port.to_string()])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../functions/webhook"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap());
    until(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).await;
    let _webhook = function("webhook", port, &stack, &options);
    let _enforce = function("enforce", port, &stack, &options);

    let webhook =
        XWebhook::new(&format!("http://127.0.0.1:{port}/lambda-url/webhook/x"), &stack.secrets.x_consumer_secret[0])
            .unwrap();
    assert_eq!(webhook.challenge("token").await.unwrap(), CrcAnswer::Valid);

    let (id, body) = {
        let mut x = stack.x.simulator.state();
        let created_at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 900);
        let (id, username, name) = ("9000000000000007001".to_owned(), "fan_mihon".to_owned(), "ファン".to_owned());
        x.users.insert(
            id.clone(),
            User { id: id.clone(), username, name, description: String::new(), created_at, protected: false },
        );
        let root = x.write(X_USER, "新曲を公開しました", Link::None).unwrap();
        let reply = x.write(&id, "お前を殺すぞ", Link::Reply(&root)).unwrap();
        let body = x_event::post(&x, PostEvent::Reply, X_USER, &reply, "1").unwrap();
        (reply, body)
    };
    assert_eq!(webhook.post(&body, Delivery::default()).await.unwrap(), [200]);
    let post = PostKey { platform: Platform::X, id: id.clone() };
    let file = stack.store.case_file(&post, jiff::Timestamp::now()).await.unwrap().unwrap();
    assert_eq!(file.decisions.last().unwrap().verdict, Verdict::Act);
    assert!(stack.x.simulator.state().visible(&id));

    let invoked = Command::new("cargo")
        .args(["lambda", "invoke", "--invoke-address", "127.0.0.1", "--invoke-port", &port.to_string(), "enforce"])
        .args(["--data-file", concat!(env!("CARGO_MANIFEST_DIR"), "/cases/events/enforce-schedule.json")])
        .output()
        .unwrap();
    assert!(invoked.status.success(), "{}", String::from_utf8_lossy(&invoked.stderr));
    assert!(!stack.x.simulator.state().visible(&id), "the reply is still in sight");
}

/// A function's release binary, on the stack's table and platforms.
fn function(name: &str, port: u16, stack: &Stack, options: &Options) -> Own {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target")), PathBuf::from);
    Own(Command::new(target.join("lambda").join(name).join("bootstrap"))
        .envs(function_variables(stack, &secrets_file(options)).unwrap())
        .env("AWS_LAMBDA_RUNTIME_API", format!("http://127.0.0.1:{port}/.rt/{name}"))
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .stdout(Stdio::null())
        .spawn()
        .unwrap())
}

/// Asks again until a condition holds.
async fn until(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "nothing came up");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
