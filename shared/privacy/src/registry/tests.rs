#![allow(clippy::unwrap_used)]

use super::resources::{Holds, RESOURCES};
use super::*;

struct Empty(Place);

impl Holder for Empty {
    fn place(&self) -> Place {
        self.0
    }

    fn collect<'a>(&'a self, _: &'a Subject, _: &'a mut Take<'_>) -> Work<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn erase<'a>(&'a self, _: &'a Subject, _: Timestamp) -> Work<'a, u64> {
        Box::pin(async { Ok(0) })
    }

    fn verify<'a>(&'a self, _: &'a Subject) -> Work<'a, u64> {
        Box::pin(async { Ok(0) })
    }
}

#[test]
fn a_registry_needs_exactly_one_holder_for_each_place() {
    let all = Place::ALL.map(Empty);
    let holders = || all.iter().map(|holder| holder as &dyn Holder).collect::<Vec<_>>();
    assert!(Registry::new(holders()).is_ok());
    for missing in 0..all.len() {
        let mut fewer = holders();
        fewer.remove(missing);
        assert_eq!(Registry::new(fewer).err(), Some(Unregistered(Place::ALL[missing], 0)));
    }
    let mut twice = holders();
    twice.push(&all[0]);
    assert_eq!(Registry::new(twice).err(), Some(Unregistered(Place::ALL[0], 2)));
}

#[test]
fn every_place_lies_in_a_resource_and_no_resource_is_named_twice() {
    for place in Place::ALL {
        assert!(RESOURCES.iter().any(|resource| resource.holds == Holds::Erasable(place)), "{place:?}");
    }
    let mut names: Vec<_> = RESOURCES.iter().map(|resource| (resource.kind, resource.name)).collect();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
}
