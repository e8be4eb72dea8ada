//! A disclosure went to the wrong person: an incident with its clocks, the nine items, and those affected.

use data_request::carry::{Reported, open_incident};
use local::desk::OFFICER_ADDRESS;
use privacy::clocks::Holidays;
use privacy::incident::{Duty, Kind, Notice, Trigger};
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

/// Mails to the privacy officer so far, subject and text.
fn officer(world: &World) -> Vec<(String, String)> {
    let to_officer = world.sent().into_iter().filter(|letter| letter.to == OFFICER_ADDRESS);
    to_officer.map(|letter| (letter.mail.subject, letter.mail.text)).collect()
}

#[tokio::test]
async fn the_officer_hears_of_it_at_once_and_as_its_clocks_run_out() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let reported = Reported {
        kind: Kind::Loss,
        ticket: None,
        triggers: vec![Trigger::ManyPersons],
        encrypted: false,
        outline: "記録媒体が見つからない".to_owned(),
    };
    let incident = open_incident(&desk.app().desk(), &world.store, &reported, world.clock.now()).await.unwrap();
    // Days after the first, and what is told then; the full report is due on the 30th day, 19 December, a Saturday, and so
    // on Monday the 21st.
    let told = [(0, "漏えい等の事案"), (2, "接近"), (4, "接近"), (5, "超過"), (16, "接近"), (25, "接近"), (32, "超過")];
    let mut day = 0;
    for (number, (after, mark)) in told.into_iter().enumerate() {
        world.pass(24 * 3600 * (after - day));
        day = after;
        for _ in 0..2 {
            tick(&desk).await;
        }
        let mails = officer(&world);
        assert_eq!(mails.len(), number + 1, "day {after}: {mails:?}");
        let (subject, text) = &mails[number];
        assert!(subject.contains(&incident.id) && subject.contains(mark), "{subject}");
        assert!(text.contains(&format!("sekisho incidents show {}", incident.id)), "{text}");
        assert!(!text.contains("記録媒体"), "what was seen stays out of mail");
    }
}

#[tokio::test]
async fn a_report_that_was_made_alarms_no_more() {
    let world = Box::pin(World::new()).await;
    let desk = world.desk();
    let reported = Reported {
        kind: Kind::MisSent,
        ticket: None,
        triggers: Vec::new(),
        encrypted: false,
        outline: "別の宛先".to_owned(),
    };
    let incident = open_incident(&desk.app().desk(), &world.store, &reported, world.clock.now()).await.unwrap();
    tick(&desk).await;
    let requests = world.requests();
    let mut read = requests.incident(&incident.id).await.unwrap().unwrap();
    assert_eq!(read.told, [Notice::Opened]);
    read.met = vec![Duty::Prompt, Duty::Full];
    assert!(requests.change_incident(&read).await.unwrap());
    assert!(!requests.change_incident(&read).await.unwrap(), "a change of what was read before it is not saved");
    world.pass(60 * 24 * 3600);
    tick(&desk).await;
    assert_eq!(officer(&world).len(), 1);
}
