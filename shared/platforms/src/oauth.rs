//! OAuth 2.0 of both platforms: consent, codes and refresh tokens.
//!
//! Contracts: X docs, authentication/oauth-2-0 (authorization code with PKCE; refresh tokens are used once); Google,
//! OAuth 2.0 for web and installed apps (refresh tokens stay).

use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use reqwest::Client;
use rules::Platform;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use crate::http::{self, Answer, code};

/// Scopes on X: reading, hiding replies, deleting own posts, seeing blocks; and a refresh token.
const X_SCOPES: &str = "tweet.read tweet.write tweet.moderate.write users.read mute.read block.read offline.access";
/// The scope on YouTube that moderating comments needs.
const YOUTUBE_SCOPES: &str = "https://www.googleapis.com/auth/youtube.force-ssl";

/// Where consent is given and tokens are issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorities {
    /// The page on which a person consents on X, `https://x.com/i/oauth2/authorize`.
    pub x_consent: Url,
    /// X's token endpoint, `https://api.x.com/2/oauth2/token`.
    pub x_tokens: Url,
    /// The page on which a person consents at Google, `https://accounts.google.com/o/oauth2/v2/auth`.
    pub google_consent: Url,
    /// Google's token endpoint, `https://oauth2.googleapis.com/token`.
    pub google_tokens: Url,
    /// Longest wait for a connection, and for each read of an answer.
    pub patience: Duration,
}

impl Authorities {
    /// The real ones, but for those whose start is given: of the X API and of Google's OAuth server.
    ///
    /// # Errors
    /// When one is no address.
    pub fn at(x_api: &str, google_oauth: &str) -> Result<Self, url::ParseError> {
        let real = |origin: &str, real: &str| origin.trim_end_matches('/') == real;
        let x_consent = match real(x_api, "https://api.x.com") {
            true => Url::parse("https://x.com/i/oauth2/authorize")?,
            false => Url::parse(x_api)?.join("/i/oauth2/authorize")?,
        };
        let google_consent = match real(google_oauth, "https://oauth2.googleapis.com") {
            true => Url::parse("https://accounts.google.com/o/oauth2/v2/auth")?,
            false => Url::parse(google_oauth)?.join("/o/oauth2/v2/auth")?,
        };
        Ok(Authorities {
            x_consent,
            x_tokens: Url::parse(x_api)?.join("/2/oauth2/token")?,
            google_consent,
            google_tokens: Url::parse(google_oauth)?.join("/token")?,
            patience: Duration::from_secs(10),
        })
    }

    fn tokens(&self, platform: Platform) -> &Url {
        match platform {
            Platform::X => &self.x_tokens,
            Platform::YouTube => &self.google_tokens,
        }
    }
}

/// Our app, as it is registered with a platform.
#[derive(Clone, Debug)]
pub struct ClientId {
    /// Public.
    pub id: String,
    /// Of a confidential client; X also knows public ones.
    pub secret: Option<SecretString>,
}

/// What a platform granted.
#[derive(Debug)]
pub struct Granted {
    /// For calls.
    pub access: SecretString,
    /// For the next refresh; `None` where the one used stays good.
    pub refresh: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Timestamp,
}

/// Why nothing was granted. Holds no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The platform says that the code or the refresh token is not good: somebody has to consent anew.
    #[error("not granted: {0}")]
    Refused(String),
    /// The request did not reach the platform, or was turned away before it was looked at: nothing was used up.
    #[error("not asked: {0}")]
    NotAsked(String),
    /// The answer got lost: the refresh token may be used up, and its successor with it.
    #[error("answer lost: {0}")]
    AnswerLost(String),
}

/// A secret of our own that proves, when the code is exchanged, that we began the consent (RFC 7636).
#[derive(Debug)]
pub struct Verifier(SecretString);

impl Verifier {
    /// 43 characters from 256 random bits.
    pub fn new(random: [u8; 32]) -> Self {
        Verifier(BASE64_URL_SAFE_NO_PAD.encode(random).into())
    }

    fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose_secret()))
    }
}

/// Asks for grants.
#[derive(Clone, Debug)]
pub struct Oauth {
    client: Client,
    authorities: Authorities,
}

impl Oauth {
    /// Fails when TLS can't be set up.
    ///
    /// # Errors
    /// The HTTP client's.
    pub fn new(authorities: Authorities) -> Result<Self, reqwest::Error> {
        Ok(Oauth { client: http::client(authorities.patience)?, authorities })
    }

    /// The address at which a person consents.
    pub fn consent(&self, platform: Platform, app: &ClientId, redirect: &str, state: &str, verifier: &Verifier) -> Url {
        let (mut url, scopes) = match platform {
            Platform::X => (self.authorities.x_consent.clone(), X_SCOPES),
            Platform::YouTube => (self.authorities.google_consent.clone(), YOUTUBE_SCOPES),
        };
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("response_type", "code").append_pair("client_id", &app.id);
            query.append_pair("redirect_uri", redirect).append_pair("scope", scopes).append_pair("state", state);
            query.append_pair("code_challenge", &verifier.challenge()).append_pair("code_challenge_method", "S256");
            if platform == Platform::YouTube {
                // Without these Google gives no refresh token to an app that it has met before.
                query.append_pair("access_type", "offline").append_pair("prompt", "consent");
            }
        }
        url
    }

    /// Exchanges the code that consent gave; X's lives for 30 seconds.
    ///
    /// # Errors
    /// Why nothing was granted.
    pub async fn exchange(
        &self,
        platform: Platform,
        app: &ClientId,
        redirect: &str,
        code: &str,
        verifier: &Verifier,
        now: Timestamp,
    ) -> Result<Granted, GrantError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier.0.expose_secret()),
        ];
        self.ask(platform, app, &form, now).await
    }

    /// Exchanges a refresh token. X takes each only once.
    ///
    /// # Errors
    /// Why nothing was granted, and whether the token may be used up.
    pub async fn refresh(
        &self,
        platform: Platform,
        app: &ClientId,
        token: &SecretString,
        now: Timestamp,
    ) -> Result<Granted, GrantError> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token.expose_secret())];
        self.ask(platform, app, &form, now).await
    }

    async fn ask(
        &self,
        platform: Platform,
        app: &ClientId,
        form: &[(&str, &str)],
        now: Timestamp,
    ) -> Result<Granted, GrantError> {
        let mut form = form.to_vec();
        let mut request = self.client.post(self.authorities.tokens(platform).clone());
        match (platform, &app.secret) {
            // X wants a confidential client's secret in the header, Google in the form.
            (Platform::X, Some(secret)) => {
                let pair = BASE64_STANDARD.encode(format!("{}:{}", app.id, secret.expose_secret()));
                request = request.header("authorization", format!("Basic {pair}"));
            }
            (Platform::YouTube, Some(secret)) => {
                form.push(("client_id", &app.id));
                form.push(("client_secret", secret.expose_secret()));
            }
            (Platform::X | Platform::YouTube, None) => form.push(("client_id", &app.id)),
        }
        let answer = match http::exchange(request.form(&form), true).await {
            Ok(answer) => answer,
            Err(casework::platform::PlatformError::Transient { reason }) => return Err(GrantError::NotAsked(reason)),
            Err(error) => return Err(GrantError::AnswerLost(error.to_string())),
        };
        granted(&answer, now)
    }
}

fn granted(answer: &Answer, now: Timestamp) -> Result<Granted, GrantError> {
    let reason = || answer.body["error"].as_str().and_then(code).unwrap_or_else(|| answer.reason());
    match answer.status {
        200 => {
            let text = |name: &str| answer.body[name].as_str().map(|text| SecretString::from(text.to_owned()));
            let access = text("access_token").ok_or_else(|| GrantError::AnswerLost("unreadable-answer".to_owned()))?;
            let seconds = answer.body["expires_in"].as_i64().unwrap_or(3600);
            let expires_at = http::later(now, jiff::SignedDuration::from_secs(seconds));
            Ok(Granted { access, refresh: text("refresh_token"), expires_at })
        }
        429 => Err(GrantError::NotAsked(reason())),
        400..=499 => Err(GrantError::Refused(reason())),
        _ => Err(GrantError::AnswerLost(reason())),
    }
}
