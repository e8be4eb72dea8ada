//! The `sekisho` program: the local stack and the command line.

use clap::Parser;
use local::command::Sekisho;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    lambda_kit::logging::local();
    Sekisho::parse().run().await
}
