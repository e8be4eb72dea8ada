//! The `sekisho` program: the local stack and the command line.

use std::process::ExitCode;

use clap::Parser;
use local::command::Sekisho;

#[tokio::main]
async fn main() -> ExitCode {
    lambda_kit::logging::local();
    match Sekisho::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sekisho: {error:#}");
            ExitCode::FAILURE
        }
    }
}
