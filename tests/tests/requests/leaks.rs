//! A disclosure went to the wrong person: an incident with its clocks, the nine items, and those affected.

use data_request::carry::{Reported, open_incident};
use privacy::clocks::Holidays;
use privacy::incident::{Kind, Trigger};
use serde_json::json;
use tests::World;
use tests::interface::{grant, submit, tick, verify};
use tests::world::FAN;

#[tokio::test]
async fn a_mis_sent_disclosure_opens_an_incident_with_its_clocks_and_draft() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let opened = submit(&desk, json!({"rights": ["appi_disclosure"]})).await;
    Box::pin(verify(&world, &desk, &opened, FAN)).await;
    grant(&world, &desk, &opened.ticket).await;
    tick(&desk).await;

    let reported = Reported {
        kind: Kind::MisSent,
        ticket: Some(opened.ticket.clone()),
        triggers: vec![Trigger::ImproperPurpose],
        encrypted: false,
        outline: "別の宛先に届いたとの連絡".to_owned(),
    };
    let incident = open_incident(&desk.app().desk(), &world.store, &reported, world.clock.now()).await.unwrap();
    let person = world.store.person(rules::Platform::X, &rules::UserId(FAN.to_owned()));
    assert_eq!(incident.affected, [person], "those whose data the package held");
    // Noon in Tokyo on Friday 20 November 2026 is the first day.
    let timers = incident.timers(&Holidays::shipped().unwrap());
    let days = [timers.prompt_from, timers.prompt_by, timers.full_by].map(|day| day.to_string());
    assert_eq!(days, ["2026-11-22", "2026-11-24", "2027-01-18"]);
    let draft = serde_json::to_value(incident.draft()).unwrap();
    assert_eq!(draft.as_object().unwrap().len(), 9);
    assert!(incident.reportable());
    assert_eq!(world.requests().incidents().await.unwrap(), std::slice::from_ref(&incident));
    assert!(world.happened(&opened.ticket).await.contains(&"incident_opened".to_owned()));
    assert!(!serde_json::to_string(&incident).unwrap().contains(FAN), "it names nobody");
}
