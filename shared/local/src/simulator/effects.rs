//! What calls did to one post, comment or user: how often asked, how often performed, how often something changed.

/// Counts for one id over the life of a simulator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Calls that named the id and could act on it, whatever their answer and whether or not a fault met them.
    pub calls: usize,
    /// Calls that the platform accepted and carried out, a repeat of what already held included.
    pub performed: usize,
    /// Calls that changed what the platform shows.
    pub changes: usize,
}
