//! People's requests through the real `data-request` function: the acceptance cases, one module each.
#![allow(clippy::unwrap_used)]

mod bounced_verification_mail;
mod decisions_obey_the_law;
mod delivered_three_times;
mod erased_person;
mod every_mail_of_the_corpus;
mod forged_sender;
mod identity_documents_are_deleted;
mod jis_without_charset;
mod machines_get_no_answer;
mod monstrous_mail;
mod paper_is_posted_by_hand;
mod policy_of_the_day_it_came;
mod suit_date_and_extension;
mod thanks_ask_nothing;
mod time_alarms_and_ends;
mod two_rights_and_a_question;
