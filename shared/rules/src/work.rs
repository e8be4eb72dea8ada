//! Counts the steps of loops whose length a text decides, so that a test can tell linear cost without a clock. Counts
//! nothing outside of tests.

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// So many more steps were taken.
#[inline(always)]
pub(crate) fn add(_steps: usize) {
    #[cfg(test)]
    STEPS.set(STEPS.get() + _steps);
}

/// The steps that something took on this thread.
#[cfg(test)]
pub(crate) fn of(run: impl FnOnce()) -> usize {
    let before = STEPS.get();
    run();
    STEPS.get() - before
}
