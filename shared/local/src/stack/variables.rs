//! What a function on this machine finds in its environment, and where its secrets lie.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lambda_kit::aws;

use super::{Options, Stack, X_USER, YOUTUBE_CHANNEL};
use crate::audit::{REPORT_FROM, REPORT_TO};
use crate::desk;

/// The secrets lie beside the data that they open, else in the folder.
pub fn secrets_file(options: &Options) -> PathBuf {
    match &options.data {
        Some(data) => data.with_extension("secrets.json"),
        None => options.folder.join("secrets.json"),
    }
}

/// The vault of the grants lies beside the secrets.
pub fn grants_folder(options: &Options) -> PathBuf {
    secrets_file(options).with_extension("grants")
}

/// The environment of a function whose AWS is this machine.
///
/// # Errors
/// Never for an address of the engine.
pub fn environment(engine: &str) -> Result<aws::Env> {
    let variables = local_variables(engine);
    let source = |name: &str| variables.get(name).cloned();
    let mut reader = lambda_kit::settings::Reader::new(&source);
    let env = aws::Env::read(&mut reader);
    reader.finish()?;
    Ok(env)
}

/// The variables under which a function finds its AWS on this machine and never outside it.
pub fn local_variables(engine: &str) -> BTreeMap<String, String> {
    [
        ("AWS_REGION", "ap-northeast-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_ENDPOINT_URL", engine),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

/// The variables under which the functions' own binaries work on this stack. Bodies that have to be parked have no
/// place there: nothing of this machine speaks S3 or SQS.
///
/// # Errors
/// Never: the table's definition is part of the program.
pub fn function_variables(stack: &Stack, secrets: &Path) -> Result<BTreeMap<String, String>> {
    let mut variables = local_variables(&stack.engine.address);
    variables.extend(
        [
            ("SEKISHO_TABLE", table_name()?),
            ("SEKISHO_SECRETS", format!("file:{}", secrets.display())),
            ("SEKISHO_INTAKE_BUCKET", "intake".to_owned()),
            ("SEKISHO_RULEBOOKS_BUCKET", "rulebooks".to_owned()),
            ("SEKISHO_INTAKE_QUEUE", format!("{}/intake", stack.engine.address)),
            ("SEKISHO_REQUESTS_TABLE", requests_table_name()?),
            ("SEKISHO_MAIL_BUCKET", "mail".to_owned()),
            ("SEKISHO_REPORTS_BUCKET", "reports".to_owned()),
            ("SEKISHO_PROOF_BUCKET", "proof".to_owned()),
            ("SEKISHO_SITE", desk::SITE.to_owned()),
            ("SEKISHO_DESK_ADDRESS", desk::DESK_ADDRESS.to_owned()),
            ("SEKISHO_OFFICER_ADDRESS", desk::OFFICER_ADDRESS.to_owned()),
            ("SEKISHO_X_USER_ID", X_USER.to_owned()),
            ("SEKISHO_YOUTUBE_CHANNEL_ID", YOUTUBE_CHANNEL.to_owned()),
            ("SEKISHO_X_API", stack.x.origin()),
            ("SEKISHO_YOUTUBE_API", stack.youtube.origin()),
            ("SEKISHO_REPORT_FROM", REPORT_FROM.to_owned()),
            ("SEKISHO_REPORT_TO", REPORT_TO.to_owned()),
            ("SEKISHO_REPORT_BUCKET", "reports".to_owned()),
            ("SEKISHO_WORK_QUEUE", format!("{}/work", stack.engine.address)),
            ("SEKISHO_PUBLIC_URL", stack.gateway.origin()),
            ("SEKISHO_GRANTS", format!("file:{}", secrets.with_extension("grants").display())),
            ("SEKISHO_GOOGLE_OAUTH", stack.youtube.origin()),
            ("SEKISHO_WEBSUB_HUB", stack.youtube.origin()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    Ok(variables)
}

/// Name of the table, from its definition.
///
/// # Errors
/// Never: the definition is part of the program.
pub fn table_name() -> Result<String> {
    let definition: serde_json::Value = serde_json::from_str(store::TABLE)?;
    Ok(definition["TableName"].as_str().context("the table has no name")?.to_owned())
}

/// Name of the requests table, from its definition.
///
/// # Errors
/// Never: the definition is part of the program.
pub fn requests_table_name() -> Result<String> {
    let definition: serde_json::Value = serde_json::from_str(store::requests::TABLE)?;
    Ok(definition["TableName"].as_str().context("the table has no name")?.to_owned())
}
