//! The rulebook in force, for a function: published ones are loaded and refreshed, the built-in one is the default.
//!
//! ```text
//! let rulebook = rulebooks.current(now).await?;      // once for each invocation
//! handle_post(&store, &rulebook, &post, clock).await
//! ```
//!
//! At most every 30 seconds the pointer is read (one query, demotions included). A new bundle is loaded and verified
//! beside the judging: who waits for it waits a second at most and then judges by the old one. A sandbox that has none
//! waits four, and then judges by the built-in one until the pointer is read again. What can't be loaded
//! replaces nothing and is counted as `rulebook_stale`, which an alarm watches.

mod bundle;
mod publish;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use casework::in_force::InForce;
use casework::ledger::{LedgerError, Result};
use casework::publication::{Publications, Standing};
use jiff::{SignedDuration, Timestamp};
use lambda_kit::metrics;
use lambda_kit::objects::{ObjectError, Objects};
use rules::Rulebook;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::Store;
pub use bundle::{BundleError, Files};
pub use publish::{Back, PublishError, Published};

/// How long what is known serves before the pointer is read again.
const REFRESH: SignedDuration = SignedDuration::from_secs(30);
/// How long one invocation waits for the pointer or a new bundle while it has an old one.
const PATIENCE: Duration = Duration::from_secs(1);
/// How many times as long a sandbox waits that has none, for all bundles that it tries: the built-in one is left then.
const FIRST_PATIENCES: u32 = 4;
/// Earlier versions that are tried when nothing is loaded yet and the newest can't be.
const FALLBACKS: usize = 3;

/// Gives the rulebook in force. Clones share what is loaded.
#[derive(Clone)]
pub struct Rulebooks {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    bundles: Box<dyn Bundles>,
    patience: Duration,
    known: RwLock<Option<Known>>,
    /// Held by the one invocation that refreshes; others go on with what is known.
    turn: Mutex<Option<Loading>>,
}

/// What serves now.
#[derive(Clone)]
struct Known {
    /// Digest of its bundle; `None` for the built-in rulebook.
    bundle: Option<String>,
    rulebook: InForce,
    checked_at: Timestamp,
}

/// A bundle on its way.
struct Loading {
    bundle: String,
    task: JoinHandle<std::result::Result<Rulebook, BundleError>>,
}

type Body = std::result::Result<Option<Bytes>, ObjectError>;

/// [`Objects`] whose kind doesn't matter.
trait Bundles: Send + Sync {
    fn read(&self, key: String) -> Pin<Box<dyn Future<Output = Body> + Send + '_>>;
    fn write<'a>(
        &'a self,
        files: &'a Files,
    ) -> Pin<Box<dyn Future<Output = std::result::Result<String, BundleError>> + Send + 'a>>;
}

impl<O: Objects> Bundles for O {
    fn read(&self, key: String) -> Pin<Box<dyn Future<Output = Body> + Send + '_>> {
        Box::pin(async move { self.get(&key).await })
    }

    fn write<'a>(
        &'a self,
        files: &'a Files,
    ) -> Pin<Box<dyn Future<Output = std::result::Result<String, BundleError>> + Send + 'a>> {
        Box::pin(bundle::put(self, files))
    }
}

impl Rulebooks {
    /// Over the table that holds the pointer and the bucket that holds the bundles. Nothing is read yet.
    pub fn new(store: Store, objects: impl Objects + 'static) -> Self {
        Rulebooks::with_patience(store, objects, PATIENCE)
    }

    /// With another patience than a second, for a program in which a bundle takes longer to load.
    pub fn with_patience(store: Store, objects: impl Objects + 'static, patience: Duration) -> Self {
        let shared =
            Shared { store, bundles: Box::new(objects), patience, known: RwLock::default(), turn: Mutex::default() };
        Rulebooks { shared: Arc::new(shared) }
    }

    /// Always this rulebook, whatever is published: for measuring and testing one.
    pub fn fixed(store: Store, objects: impl Objects + 'static, rulebook: InForce) -> Self {
        let rulebooks = Rulebooks::new(store, objects);
        let known = Known { bundle: None, rulebook, checked_at: Timestamp::MAX };
        if let Ok(mut place) = rulebooks.shared.known.write() {
            *place = Some(known);
        }
        rulebooks
    }

    /// The rulebook in force, at most half a minute old. To be asked once for each invocation.
    ///
    /// # Errors
    /// When nothing is known yet and the table can't be read.
    pub async fn current(&self, now: Timestamp) -> Result<InForce> {
        if let Some(known) = self.known().filter(|known| known.is_fresh(now)) {
            return Ok(known.rulebook);
        }
        // Boxed, so that the seldom way does not make every call's future large.
        Box::pin(self.look(now)).await
    }

    /// Reads the pointer, unless another invocation of this sandbox does.
    async fn look(&self, now: Timestamp) -> Result<InForce> {
        let mut turn = match self.known() {
            None => self.shared.turn.lock().await,
            Some(old) => match self.shared.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(old.rulebook),
            },
        };
        match self.known() {
            Some(known) if known.is_fresh(now) => Ok(known.rulebook),
            Some(old) => Ok(self.refresh(old, &mut turn, now).await),
            None => self.first(now).await,
        }
    }

    /// Replaces what is known, as far as that can be done within our patience.
    async fn refresh(&self, old: Known, turn: &mut Option<Loading>, now: Timestamp) -> InForce {
        let patience = self.shared.patience;
        let standing = match tokio::time::timeout(patience, self.shared.store.standing()).await {
            Ok(Ok(standing)) => standing,
            Ok(Err(error)) => return self.keep(old, &error, now),
            Err(_) => return self.keep(old, &"the table did not answer in time", now),
        };
        let wanted = bundle_of(&standing);
        let checked = Known { rulebook: demoting(old.rulebook.clone(), &standing), checked_at: now, ..old.clone() };
        if wanted == old.bundle {
            return self.put(checked);
        }
        let Some(wanted) = wanted else {
            return match built_in() {
                Ok(rulebook) => {
                    self.put(Known { bundle: None, rulebook: demoting(rulebook, &standing), checked_at: now })
                }
                Err(error) => self.keep(checked, &error, now),
            };
        };
        let mut loading = match turn.take() {
            Some(loading) if loading.bundle == wanted => loading,
            Some(_) | None => self.start_loading(wanted),
        };
        match tokio::time::timeout(patience, &mut loading.task).await {
            Ok(Ok(Ok(rulebook))) => {
                let rulebook = demoting(InForce::from(Arc::new(rulebook)), &standing);
                tracing::info!(rulebook = rulebook.version(), "rulebook in force");
                self.put(Known { bundle: Some(loading.bundle), rulebook, checked_at: now })
            }
            Ok(Ok(Err(error))) => self.keep(checked, &error, now),
            Ok(Err(_)) => self.keep(checked, &BundleError::BrokeOff, now),
            Err(_) => {
                // Goes on beside the judging; the next invocation asks for it again.
                *turn = Some(loading);
                self.put(Known { checked_at: old.checked_at, ..checked })
            }
        }
    }

    /// The first rulebook of a sandbox: the version in force, else the newest earlier one that can be loaded, else the
    /// built-in one.
    async fn first(&self, now: Timestamp) -> Result<InForce> {
        let standing = self.shared.store.standing().await?;
        let mut wanted: Vec<Option<String>> = vec![bundle_of(&standing)];
        let mut tried = 0;
        let until = tokio::time::Instant::now() + self.shared.patience * FIRST_PATIENCES;
        while let Some(bundle) = wanted.get(tried).cloned() {
            let loaded = match &bundle {
                None => built_in(),
                Some(digest) => {
                    let task = self.start_loading(digest.clone()).task;
                    match tokio::time::timeout_at(until, task).await {
                        Ok(Ok(loaded)) => loaded.map(|rulebook| InForce::from(Arc::new(rulebook))),
                        Ok(Err(_)) => Err(BundleError::BrokeOff),
                        Err(_) => Err(BundleError::Late),
                    }
                }
            };
            match loaded {
                Ok(rulebook) => {
                    return Ok(self.put(Known { bundle, rulebook: demoting(rulebook, &standing), checked_at: now }));
                }
                Err(error) => stale(&error),
            }
            if tried == 0 {
                let earlier = self.shared.store.versions().await?.into_iter().map(|version| version.bundle);
                let earlier: Vec<_> = earlier.filter(|bundle| bundle.is_some() && !wanted.contains(bundle)).collect();
                wanted.extend(earlier.into_iter().take(FALLBACKS));
                wanted.push(None);
            }
            tried += 1;
        }
        Err(LedgerError::Corrupt("no rulebook can be loaded, not even the built-in one".to_owned()))
    }

    fn start_loading(&self, bundle: String) -> Loading {
        let (rulebooks, digest) = (self.clone(), bundle.clone());
        let task = tokio::spawn(async move { rulebooks.load(&digest).await });
        Loading { bundle, task }
    }

    /// Reads a bundle, verifies it and makes it ready, off the threads that judge.
    async fn load(&self, digest: &str) -> std::result::Result<Rulebook, BundleError> {
        let files = bundle::open(digest, self.shared.bundles.read(bundle::key(digest)).await?)?;
        let made = tokio::task::spawn_blocking(|| Rulebook::from_checked_files(files.into_iter()));
        Ok(made.await.map_err(|_| BundleError::BrokeOff)??)
    }

    /// Lets the next call read the pointer again, however new what is known is.
    pub fn reread(&self) {
        if let Some(known) = self.known() {
            self.put(Known { checked_at: Timestamp::MIN, ..known });
        }
    }

    fn known(&self) -> Option<Known> {
        self.shared.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, known: Known) -> InForce {
        let rulebook = known.rulebook.clone();
        *self.shared.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known);
        rulebook
    }

    /// The old one serves on until the next try.
    fn keep(&self, old: Known, error: &dyn std::fmt::Display, now: Timestamp) -> InForce {
        stale(error);
        self.put(Known { checked_at: now, ..old })
    }
}

impl std::fmt::Debug for Rulebooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rulebooks").finish_non_exhaustive()
    }
}

impl Known {
    fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.checked_at);
        !age.is_negative() && age < REFRESH
    }
}

fn stale(error: &dyn std::fmt::Display) {
    metrics::rulebook_stale();
    tracing::error!(%error, "the rulebook in force can't be loaded: an older one judges");
}

fn bundle_of(standing: &Standing) -> Option<String> {
    standing.version.as_ref().and_then(|version| version.bundle.clone())
}

fn demoting(rulebook: InForce, standing: &Standing) -> InForce {
    rulebook.demoting(standing.demoted().map(|demotion| demotion.rule.clone()))
}

fn built_in() -> std::result::Result<InForce, BundleError> {
    Ok(InForce::from(Rulebook::embedded()?))
}
