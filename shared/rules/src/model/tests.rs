//! The model, trained on a small data set of our own: reproducible, calibrated, quantised, fit to be asked.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::views::Views;

/// Texts made of parts: who promotes, who insults, who does neither.
fn examples() -> Vec<Example> {
    let spam = ["subscribe to my channel", "earn cash from home", "無料で稼げる副業", "free followers, click the link"];
    let abuse = ["you are a stupid clown", "what a pathetic loser", "お前は本当に馬鹿だな", "shut up you moron"];
    let calm = ["what a lovely song", "the update works well", "新曲とても良かったです", "when does the shop open"];
    let around = ["hey everyone, ", "ok so ", "本当に、", "well… ", "", "@someone ", "今日も "];
    let mut examples = Vec::new();
    for (kind, texts) in [spam, abuse, calm].into_iter().enumerate() {
        for (number, text) in texts.into_iter().enumerate() {
            for before in around {
                let mut answers = [None; Output::COUNT];
                answers[Output::Spam as usize] = Some(kind == 0);
                answers[Output::Abuse as usize] = Some(kind == 1);
                answers[Output::SpamMalware as usize] = Some(kind == 0);
                let group = format!("{kind} {number} {before}");
                examples.push(Example { text: format!("{before}{text}"), group, answers, costs: [1.0; Output::COUNT] });
            }
        }
    }
    examples
}

fn scores(model: &Model, text: &str) -> Scores {
    model.scores_of(text)
}

#[test]
fn training_is_the_same_to_the_byte() {
    let (once, again) = (train(&examples(), 0.5), train(&examples(), 0.5));
    assert!(once.model.to_bytes() == again.model.to_bytes());
    assert_eq!(once.folds, again.folds);
    let mut one_more = examples();
    one_more.push(Example {
        text: "buy now".into(),
        group: "x".into(),
        answers: [Some(true); Output::COUNT],
        costs: [1.0; Output::COUNT],
    });
    assert!(train(&one_more, 0.5).model.to_bytes() != once.model.to_bytes());
}

#[test]
fn it_tells_apart_what_it_learned_and_knows_nothing_of_what_it_did_not() {
    let trained = train(&examples(), 0.5);
    let said = |text: &str, output: Output| scores(&trained.model, text).get(output);
    assert!(said("please subscribe to my channel", Output::Spam) > 0.5);
    assert!(said("please subscribe to my channel", Output::Abuse) < 0.5);
    assert!(said("you stupid moron", Output::Abuse) > 0.5);
    assert!(said("a lovely song", Output::Spam) < 0.5 && said("a lovely song", Output::Abuse) < 0.5);
    // No example answered for comments.
    assert_eq!(said("you stupid moron", Output::Comment), said("a lovely song", Output::Comment));
    let wrong = trained.held_out.iter().zip(examples()).filter(|(scores, example)| {
        example.answers[0].is_some_and(|answer| (scores.get(Output::Spam) > 0.5) != answer)
    });
    assert!(wrong.count() * 5 < examples().len());
}

#[test]
fn what_is_wrong_stays_wrong_beside_what_is_not() {
    let text = "Free followers, click the link. The update works well, what a lovely song, when does the shop open?";
    let [alone, beside] = [0.0, 0.5].map(|cost| scores(&train(&examples(), cost).model, text).get(Output::SpamMalware));
    assert!(beside > alone + 0.1, "{alone} {beside}");
}

#[test]
fn a_model_file_is_read_as_it_was_written_and_no_other() {
    let model = train(&examples(), 0.5).model;
    let bytes = model.to_bytes();
    assert!(bytes.len() <= 1 << 20);
    assert_eq!(Model::from_bytes(bytes.clone()).unwrap(), model);
    assert_eq!(Model::from_bytes(bytes[..bytes.len() - 1].to_vec()), Err(ModelError::Length));
    assert_eq!(Model::from_bytes(Vec::new()), Err(ModelError::Length));
    let mut other = bytes.clone();
    other[0] = b'x';
    assert_eq!(Model::from_bytes(other), Err(ModelError::Kind));
    let mut weight = bytes.clone();
    weight[5_000] ^= 1;
    assert_eq!(Model::from_bytes(weight), Err(ModelError::Digest));
    let mut heavy = model.clone();
    heavy.weights.to_mut()[5_000] = 64;
    assert_eq!(Model::from_bytes(heavy.to_bytes()), Err(ModelError::Numbers));
    let mut numbers = bytes;
    numbers[16..20].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(Model::from_bytes(numbers), Err(ModelError::Numbers));
}

#[test]
fn the_embedded_model_is_small_and_sound() {
    let file = Model::embedded_file();
    assert!(file.len() <= 1 << 20);
    assert_eq!(Model::from_bytes(file.to_vec()).as_ref(), Ok(Model::embedded()));
    let said = |text: &str| scores(Model::embedded(), text);
    assert!(said("Subscribe to my channel for free gift cards, link in bio").get(Output::Spam) > 0.5);
    assert!(said("you are a dumb worthless bitch").get(Output::Abuse) > 0.5);
    assert_eq!(said(""), Scores::default());
    for innocent in ["いつも応援しています！", "What a lovely song, I listen to it every day", ""] {
        assert!(said(innocent).iter().all(|(_, score)| score < 0.5), "{innocent}: {:?}", said(innocent));
    }
}

#[test]
fn a_lesson_says_what_rows_teach_and_what_nobody_said() {
    let lesson = Lesson::embedded().unwrap();
    let answers = |set: &str, labels: &[crate::Clause]| {
        let set = lesson.sets.iter().find(|known| known.name == set).unwrap();
        let answers = set.example("text".into(), None, labels, lesson.aside_cost).answers;
        [Output::Spam, Output::Comment, Output::Abuse, Output::Criminal].map(|output| answers[output as usize])
    };
    use crate::Clause::{Criminal, Offensive, SpamMalware};
    assert_eq!(answers("youtube_spam", &[SpamMalware]), [Some(true), Some(true), None, None]);
    assert_eq!(answers("youtube_spam", &[]), [Some(false), Some(false), None, Some(false)]);
    assert_eq!(answers("sms_spam", &[SpamMalware]), [Some(true), None, None, None]);
    assert_eq!(answers("sms_spam", &[]), [Some(false), Some(false), None, Some(false)]);
    // Of the clauses, a set of another place teaches what is innocent alone.
    assert_eq!(answers("janitr_x_posts", &[Criminal]), [Some(true), None, None, None]);
    assert_eq!(answers("davidson_tweets", &[Offensive]), [Some(false), Some(false), Some(true), None]);
    assert_eq!(answers("asdc_benign_ja", &[]), [Some(false); 4]);
    assert_eq!(answers("posts_ja", &[Criminal, Offensive]), [None, None, None, Some(true)]);
    assert_eq!(answers("posts_ja", &[Offensive]), [None; 4]);
    assert_eq!(answers("posts_en", &[]), [Some(false); 4]);
}

#[test]
fn the_card_is_the_embedded_models() {
    let card = std::str::from_utf8(crate::Rulebook::embedded_bytes("model/card.md")).unwrap();
    assert!(card.contains(&Model::embedded().version()), "the card is another model's: train again");
    for set in Lesson::embedded().unwrap().sets {
        assert!(card.contains(&set.name), "the card does not name {}", set.name);
    }
}

#[test]
fn the_words_that_weighed_most_are_named() {
    let model = train(&examples(), 0.5).model;
    let text = "well, you are a stupid clown today";
    let views = Views::of(text);
    let words: Vec<&str> = model
        .weightiest(&features(text, &views), views.compact(), Output::Abuse)
        .into_iter()
        .map(|(from, to)| {
            let span = views.compact().span(from, to);
            &text[span.start..span.end]
        })
        .collect();
    assert!(words.contains(&"stupid") && words.len() <= 3, "{words:?}");
}

#[test]
fn scores_are_written_by_name_and_read_back() {
    let mut scores = Scores::default();
    (scores.0[Output::Spam as usize], scores.0[Output::Insult as usize]) = (0.25, 1.0);
    let text = serde_json::to_string(&scores).unwrap();
    assert!(text.starts_with(r#"{"spam":0.25,"#) && text.contains(r#","insult":1.0,"#), "{text}");
    assert_eq!(serde_json::from_str::<Scores>(&text).unwrap(), scores);
    let read: Scores = serde_json::from_str(r#"{"spam":0.25,"other":0.7}"#).unwrap();
    assert_eq!((read.get(Output::Spam), read.get(Output::Abuse)), (0.25, 0.0));
}

#[test]
fn the_highest_score_of_a_clause_is_that_of_its_own_outputs() {
    for &output in Output::ALL {
        let mut scores = Scores::default();
        scores.0[output as usize] = 0.5;
        let own = crate::Clause::ALL.into_iter().any(|clause| Output::of(clause) == Some(output));
        assert_eq!(scores.highest_of_a_clause(), if own { 0.5 } else { 0.0 }, "{}", output.key());
    }
}
