//! People's requests through the real `data-request` function: the acceptance cases, one module each.
#![allow(clippy::unwrap_used)]

mod address_changes;
mod agents_show_their_mandate;
mod answered_by_a_person;
mod asked_again_later;
mod attackers_do_not_touch_the_verified;
mod bounced_verification_mail;
mod codes_are_counted;
mod control_shown_by_mail;
mod decisions_obey_the_law;
mod delivered_three_times;
mod dies_at_each_call;
mod disclosed_package;
mod erased;
mod erased_person;
mod every_mail_of_the_corpus;
mod forged_sender;
mod gone_posts;
mod granted_in_part;
mod identity_documents_are_deleted;
mod interface;
mod jis_without_charset;
mod leaks;
mod machines_get_no_answer;
mod monstrous_mail;
mod page_uses_up_nothing;
mod paper_is_posted_by_hand;
mod places_are_registered;
mod policy_of_the_day_it_came;
mod restored;
mod roots_prove;
#[cfg(feature = "deployed")]
mod staff_by_command;
mod suit_date_and_extension;
mod thanks_ask_nothing;
mod time_alarms_and_ends;
mod two_rights_and_a_question;
mod unknown_is_known;
mod withdrawn_by_mail;
