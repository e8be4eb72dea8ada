//! A person at a browser who consents.

use anyhow::Result;
use casework::account::AccountKey;
use local::consent::Consent;
use platforms::Hosts;
use platforms::oauth::{Authorities, Oauth};
use reqwest::Url;
use rules::Platform;
use secrecy::SecretString;

use crate::World;
use crate::world::accounts;

/// Connects our account, with a person who consents as soon as the address is shown.
///
/// # Errors
/// Why it is not connected.
pub async fn connect(world: &World, platform: Platform) -> Result<()> {
    connect_with(world, platform, browse).await
}

/// Connects our account; `show` is the person.
///
/// # Errors
/// Why it is not connected.
pub async fn connect_with(world: &World, platform: Platform, show: impl FnOnce(&Url)) -> Result<()> {
    let secret = |text: &str| Some(SecretString::from(text.to_owned()));
    let (id, app) = match platform {
        Platform::X => (accounts().x, (&world.secrets.x_client_id, &world.secrets.x_client_secret)),
        Platform::YouTube => {
            (accounts().youtube, (&world.secrets.youtube_client_id, &world.secrets.youtube_client_secret))
        }
    };
    let clock = world.clock.clock();
    Consent {
        oauth: &Oauth::new(Authorities::at(&world.x.origin(), &world.youtube.origin())?)?,
        app: &platforms::oauth::ClientId { id: app.0.clone(), secret: secret(app.1) },
        vault: &world.vault(),
        store: &world.store,
        hosts: Hosts::at(&world.x.origin(), &world.youtube.origin())?,
        account: AccountKey { platform, id },
        port: 0,
        clock: &*clock,
    }
    .connect(show)
    .await
}

/// Opens an address as a browser does: the consent page sends it back to us.
pub fn browse(url: &Url) {
    let url = url.clone();
    // The answer is the person's to read.
    tokio::spawn(async move { reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await });
}
