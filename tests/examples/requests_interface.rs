//! The interface for requests on a free port of loopback, for checks from outside: prints its address, a ticket and its
//! secret, and ends when its input does.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::Read;

use local::simulator::clock;
use local::stack::{Options, Stack};
use serde_json::{Value, json};
use tests::interface::UNLIMITED;

#[tokio::main]
async fn main() {
    platforms::install_crypto();
    let folder = tempfile::tempdir().unwrap();
    let options = Options { folder: folder.path().to_owned(), data: None, port: 0, clock: clock::system() };
    let stack = Stack::start_with(options, UNLIMITED).await.unwrap();
    let origin = stack.gateway.origin();
    let body = json!({"rights": ["appi_disclosure", "appi_cessation"]});
    let sent = reqwest::Client::new().post(format!("{origin}/requests")).json(&body).send().await.unwrap();
    let receipt: Value = sent.json().await.unwrap();
    println!("{origin} {} {}", receipt["ticket"].as_str().unwrap(), receipt["secret"].as_str().unwrap());
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await.unwrap().unwrap();
}
