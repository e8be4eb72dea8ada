//! Disclosure: everything that is held, written record by record into two files, put where only a verified and
//! expiring address leads.

use std::io::BufWriter;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use lambda_kit::mail::Mailer;
use lambda_kit::objects::shelf::Shelf;
use privacy::carry::{MadePackage, PACKAGE_DAYS, PackageLetter};
use privacy::desk::local;
use privacy::file::{Account, RequestFile};
use privacy::letters::Letter;
use privacy::package::{Opening, Record, Writer};
use privacy::registry::{PlaceError, Registry};

use super::places::prefix;
use crate::app::App;

impl<O: Shelf, M: Mailer> App<O, M> {
    /// Makes the package of a file and tells where it is.
    pub(crate) async fn disclose(&self, file: &RequestFile, account: &Account) -> Result<()> {
        let now = self.now();
        let opening = Opening {
            ticket: file.ticket.clone(),
            made_at: now,
            platform: account.platform(),
            user_id: account.id().to_owned(),
            language: file.language,
        };
        let folder = tempfile::tempdir().context("no room for the package")?;
        let (json, html) = (folder.path().join("package.json"), folder.path().join("package.html"));
        let open = |path| std::fs::File::create(path).map(BufWriter::new);
        let mut writer = Writer::begin(&opening, open(&json)?, open(&html)?)?;
        let subject = self.subject(&file.ticket, account).await?;
        let (mail, packages) = self.places();
        let registry = Registry::new(vec![&self.carrier.decisions, &self.requests, &mail, &packages])?;
        let mut take = |record: Record| writer.record(record).map_err(|error| PlaceError::NotTaken(error.to_string()));
        registry.collect(&subject, &mut take).await?;
        let summary = writer.finish()?;

        // A name that nobody can guess, besides the address that has to be asked for.
        let place = format!("{}{}", prefix(&file.ticket), random::<12>()?);
        let made = MadePackage {
            json: format!("{place}.json"),
            html: format!("{place}.html"),
            until: now + SignedDuration::from_hours(24 * PACKAGE_DAYS),
        };
        self.carrier.packages.put_file(&made.json, &json, "application/json").await?;
        self.carrier.packages.put_file(&made.html, &html, "text/html; charset=utf-8").await?;
        let letter = self.package_letter(file, &made)?;
        Ok(self.desk().package_made(&file.ticket, &made, &summary, letter.as_ref(), now).await?)
    }

    /// A letter with a key for who asked by mail; who asked through the interface holds one already.
    fn package_letter(&self, file: &RequestFile, made: &MadePackage) -> Result<Option<PackageLetter>> {
        if file.secret {
            return Ok(None);
        }
        let secret = random::<18>()?;
        let letter = Letter::Package {
            address: format!("{}/requests/{}/page", self.carrier.site, file.ticket),
            secret: secret.clone(),
            until: local(made.until, file.language).date(),
        };
        Ok(Some(PackageLetter { letter, secret: self.requests.secret_hash(&file.ticket, &secret) }))
    }
}

/// Random bytes as text of letters, digits, `-` and `_`.
pub(crate) fn random<const N: usize>() -> Result<String> {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).context("no randomness")?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
