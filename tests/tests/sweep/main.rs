//! The sweep through its real handler: what no webhook brings is found, within limits, whatever fails.
#![allow(clippy::unwrap_used, reason = "tests")]

mod a_big_video_is_walked_over_days;
mod a_grant_survives;
mod an_account_is_connected;
mod edits_and_late_replies_are_found;
mod failures_lose_nothing;
mod only_the_poll_finds;
mod pushes_are_kept_alive;
mod reading_leaves_time_for_recording;
mod refused_replies;
mod the_day_by_poll_alone;
