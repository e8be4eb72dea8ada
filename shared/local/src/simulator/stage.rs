//! The stage that both simulators share: state, faults, request log and effect counts behind one cloneable handle.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use super::effects::Effects;
use super::fault::{Fault, Matcher};
use super::request::{Answer, Call, Endpoint, Request};

/// What a simulated platform must know how to do; the stage does the rest.
pub trait Platform: Send + 'static {
    /// Carries a call out and answers it.
    fn answer(&mut self, call: &Call) -> Answer;
    /// Answers with a fault that speaks the platform's own language. Transport faults never come here.
    fn fail(&mut self, fault: &Fault, call: &Call) -> Answer;
    /// How a call stands to the contract.
    fn endpoint(call: &Call) -> Endpoint;
    /// The ids that a call would act on.
    fn targets(call: &Call) -> Vec<String>;
    /// The name of the call's token.
    fn token_name(&self, call: &Call) -> Option<String>;
    /// The platform's time.
    fn now(&self) -> Timestamp;
}

/// A simulated platform; clones share everything.
pub struct Simulator<P> {
    stage: Arc<Stage<P>>,
}

struct Stage<P> {
    platform: Mutex<P>,
    books: Mutex<Books>,
    released: watch::Sender<u64>,
    arrived: watch::Sender<usize>,
}

#[derive(Default)]
struct Books {
    faults: Vec<(Matcher, Fault)>,
    log: Vec<Request>,
    effects: BTreeMap<String, Effects>,
}

impl<P> Clone for Simulator<P> {
    fn clone(&self) -> Self {
        Simulator { stage: Arc::clone(&self.stage) }
    }
}

impl<P: Platform> Simulator<P> {
    /// A simulator of this state, not yet listening.
    pub fn new(state: P) -> Simulator<P> {
        Simulator {
            stage: Arc::new(Stage {
                platform: Mutex::new(state),
                books: Mutex::default(),
                released: watch::Sender::new(0),
                arrived: watch::Sender::new(0),
            }),
        }
    }

    /// The state, locked: look, change, and let go before the next await.
    pub fn state(&self) -> MutexGuard<'_, P> {
        self.stage.platform.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next call that fits meets this fault; faults wait in the order given, and each is met once.
    pub fn fail_next(&self, matcher: Matcher, fault: Fault) {
        self.books().faults.push((matcher, fault));
    }

    /// Faults that no call has met yet.
    pub fn faults_left(&self) -> usize {
        self.books().faults.len()
    }

    /// Lets every answer go that a [`Fault::Timeout`] holds back now.
    pub fn release(&self) {
        self.stage.released.send_modify(|round| *round += 1);
    }

    /// Every call so far, in order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.books().log.clone()
    }

    /// Waits until so many calls have arrived in all and returns them; a held or lost answer counts as arrived.
    pub async fn wait_for_requests(&self, count: usize) -> Vec<Request> {
        let mut arrived = self.stage.arrived.subscribe();
        // The sender lives in this handle, so waiting can only end with the count reached.
        let _ = arrived.wait_for(|so_far| *so_far >= count).await;
        self.requests()
    }

    /// Calls that the contract does not know, or that would have published something.
    pub fn unwanted_requests(&self) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.endpoint != Endpoint::Contract).collect()
    }

    /// What calls did to this post, comment or user.
    pub fn effects(&self, id: &str) -> Effects {
        self.books().effects.get(id).copied().unwrap_or_default()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.stage.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a call in the log; gives its line number and the fault that it meets.
    pub(crate) fn admit(&self, call: &Call) -> (usize, Option<Fault>) {
        let targets = P::targets(call);
        let (at, token) = {
            let platform = self.state();
            (platform.now(), platform.token_name(call))
        };
        let mut books = self.books();
        let met = books.faults.iter().position(|(matcher, _)| matcher.fits(call, &targets));
        let fault = met.map(|index| books.faults.remove(index).1);
        for id in targets {
            books.effects.entry(id).or_default().calls += 1;
        }
        books.log.push(Request {
            at,
            method: call.method.clone(),
            path: call.path.clone(),
            query: call.query.clone(),
            body: call.body.clone(),
            token,
            endpoint: P::endpoint(call),
            fault: fault.clone(),
            status: None,
        });
        (books.log.len() - 1, fault)
    }

    /// Says that a call has been dealt with as far as it will be without a release.
    pub(crate) fn announce(&self) {
        self.stage.arrived.send_modify(|count| *count += 1);
    }

    /// Carries a call out and counts what it did.
    pub(crate) fn perform(&self, call: &Call) -> Answer {
        let answer = self.state().answer(call);
        let mut books = self.books();
        for id in &answer.performed {
            books.effects.entry(id.clone()).or_default().performed += 1;
        }
        for id in &answer.changed {
            books.effects.entry(id.clone()).or_default().changes += 1;
        }
        answer
    }

    pub(crate) fn record_status(&self, line: usize, status: u16) {
        if let Some(request) = self.books().log.get_mut(line) {
            request.status = Some(status);
        }
    }

    pub(crate) fn releases(&self) -> watch::Receiver<u64> {
        self.stage.released.subscribe()
    }
}
