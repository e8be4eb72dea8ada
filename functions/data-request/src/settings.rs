//! The settings of the `data-request` function.

use lambda_kit::aws::Env;
use lambda_kit::secrets::SecretSource;
use lambda_kit::settings::{Reader, SettingsError};
use privacy::desk::Addresses;
use privacy::mail::Address;

/// What the function needs to know; every problem is reported at start, all at once.
#[derive(Debug)]
pub struct Settings {
    /// `SEKISHO_REQUESTS_TABLE`: name of the requests table.
    pub requests: String,
    /// `SEKISHO_SECRETS`: Secrets Manager id, or `file:<path>`, of a JSON object with `person_key` and our app's
    /// credentials (see [`tokens::Settings::open`]).
    pub secrets: SecretSource,
    /// `SEKISHO_MAIL_BUCKET`: S3 bucket in which SES puts raw mails under `mail/`.
    pub bucket: String,
    /// `SEKISHO_TABLE`: name of the decisions table.
    pub decisions: String,
    /// `SEKISHO_REPORTS_BUCKET`: S3 bucket for packages of disclosure under `packages/`.
    pub reports: String,
    /// `SEKISHO_PROOF_BUCKET`: S3 bucket with object lock, for daily roots and the erasure ledger.
    pub proof: String,
    /// `SEKISHO_SITE`: where this interface can be reached, for letters; for example `https://privacy.example.jp`.
    pub site: String,
    /// Where our grants lie, our accounts, and the address of the X API.
    pub tokens: tokens::Settings,
    /// `SEKISHO_YOUTUBE_API`: address of the YouTube Data API, without `/youtube/v3`; `https://youtube.googleapis.com`
    /// unless set.
    pub youtube_api: String,
    /// `SEKISHO_DESK_ADDRESS`: address at which requests arrive and from which letters come.
    /// `SEKISHO_OFFICER_ADDRESS`: where alarms go. `SEKISHO_OWN_ADDRESSES`: further addresses of ours, by commas,
    /// which are never answered automatically.
    pub addresses: Addresses,
    /// `SEKISHO_DESK_NAME`: name shown beside the address in letters.
    pub name: Option<String>,
    /// `SEKISHO_MAIL_CONFIGURATION_SET`: SES configuration set whose events tell what became of letters.
    pub configuration_set: Option<String>,
    /// Region, credentials and endpoints.
    pub aws: Env,
}

impl Settings {
    /// Reads them from variables.
    ///
    /// # Errors
    /// Every missing, empty or contradictory variable.
    pub fn read(source: &dyn Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let mut reader = Reader::new(source);
        let requests = reader.required("SEKISHO_REQUESTS_TABLE");
        let secrets = reader.required_parsed("SEKISHO_SECRETS").unwrap_or(SecretSource::SecretsManager(String::new()));
        let bucket = reader.required("SEKISHO_MAIL_BUCKET");
        let decisions = reader.required("SEKISHO_TABLE");
        let reports = reader.required("SEKISHO_REPORTS_BUCKET");
        let proof = reader.required("SEKISHO_PROOF_BUCKET");
        let site = reader.required("SEKISHO_SITE").trim_end_matches('/').to_owned();
        let tokens = tokens::Settings::read(&mut reader);
        let youtube_api = reader.parsed_or("SEKISHO_YOUTUBE_API", "https://youtube.googleapis.com".to_owned());
        let desk = address(&mut reader, "SEKISHO_DESK_ADDRESS");
        let officer = address(&mut reader, "SEKISHO_OFFICER_ADDRESS");
        let mut own = Vec::new();
        for text in reader.optional("SEKISHO_OWN_ADDRESSES").unwrap_or_default().split(',').filter(|t| !t.is_empty()) {
            match Address::parse(text) {
                Ok(address) => own.push(address),
                Err(error) => reader.contradiction(format!("SEKISHO_OWN_ADDRESSES is invalid: {error}")),
            }
        }
        if desk.as_ref().is_some_and(|desk| desk.local().contains('+')) {
            reader.contradiction("SEKISHO_DESK_ADDRESS has a tag: the tag is where each request's token goes");
        }
        let name = reader.optional("SEKISHO_DESK_NAME");
        let configuration_set = reader.optional("SEKISHO_MAIL_CONFIGURATION_SET");
        let aws = Env::read(&mut reader);
        reader.finish()?;
        match (desk, officer) {
            (Some(desk), Some(officer)) => Ok(Self {
                requests,
                secrets,
                bucket,
                decisions,
                reports,
                proof,
                site,
                tokens,
                youtube_api,
                addresses: Addresses { desk, officer, own },
                name,
                configuration_set,
                aws,
            }),
            // `finish` has refused a missing address.
            (None, _) | (_, None) => Err(SettingsError { problems: Vec::new() }),
        }
    }
}

fn address(reader: &mut Reader<'_>, name: &'static str) -> Option<Address> {
    let text = reader.required(name);
    let address = Address::parse(&text).ok();
    if address.is_none() && !text.is_empty() {
        reader.contradiction(format!("{name} is no e-mail address"));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str) -> Option<String> {
        let value = match name {
            "SEKISHO_REQUESTS_TABLE" => "requests",
            "SEKISHO_SECRETS" => "file:/secrets.json",
            "SEKISHO_MAIL_BUCKET" => "mail",
            "SEKISHO_TABLE" => "decisions",
            "SEKISHO_REPORTS_BUCKET" => "reports",
            "SEKISHO_PROOF_BUCKET" => "proof",
            "SEKISHO_SITE" => "https://privacy.example.jp/",
            "SEKISHO_GRANTS" => "file:/grants",
            "SEKISHO_X_USER_ID" => "1",
            "SEKISHO_YOUTUBE_CHANNEL_ID" => "UC1",
            "SEKISHO_DESK_ADDRESS" => "privacy@desk.example",
            "SEKISHO_OFFICER_ADDRESS" => "officer@desk.example",
            "AWS_REGION" => "ap-northeast-1",
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "x",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn an_address_with_a_tag_or_none_at_all_is_refused() {
        assert!(Settings::read(&source).is_ok());
        for bad in ["privacy+a@desk.example", "desk", ""] {
            let source = |name: &str| {
                if name == "SEKISHO_DESK_ADDRESS" { Some(bad.to_owned()) } else { source(name) }
            };
            assert!(Settings::read(&source).is_err(), "{bad}");
        }
    }
}
