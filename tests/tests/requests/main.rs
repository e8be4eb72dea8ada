//! Requests of people, from their arrival to what is left when they are answered.

#![allow(clippy::unwrap_used)]

mod erased_person;
