//! What the model says of a text: one score from 0 to 1 for each output.

use crate::Clause;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! outputs {
    ($($variant:ident $key:literal $doc:literal;)*) => {
        /// What the model looks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Output {
            $(#[doc = $doc] $variant,)*
        }

        impl Output {
            /// Every output, in the order of the model file.
            pub const ALL: &'static [Output] = &[$(Output::$variant,)*];
            /// How many there are.
            pub const COUNT: usize = Output::ALL.len();

            /// The key, for example `spam`.
            pub fn key(self) -> &'static str {
                match self {
                    $(Output::$variant => $key,)*
                }
            }

            /// As conditions write it, for example `model.spam`.
            pub(crate) fn field(self) -> &'static str {
                match self {
                    $(Output::$variant => concat!("model.", $key),)*
                }
            }

            /// What it looks for, in one line.
            pub fn title(self) -> &'static str {
                match self {
                    $(Output::$variant => $doc,)*
                }
            }
        }
    };
}

outputs! {
    Spam "spam" "Unasked promotion, wherever it is made.";
    Comment "comment" "Promotion as it is made in comments under videos.";
    Message "message" "Advertising as it is sent by text message.";
    Post "post" "Promotion and bait as they are posted on X.";
    Abuse "abuse" "Profanity and insults.";
    Insult "insult" "Hostility towards somebody in a discussion.";
    Solicitation "solicitation" "Business of one's own or of others, as against innocent posts.";
    Slander "slander" "Attacks on persons and companies, as against innocent posts.";
    IpInfringement "ip_infringement" "Others' works and goods copied, as against innocent posts.";
    Criminal "criminal" "Threats and crimes, as against innocent posts.";
    Offensive "offensive" "What is highly offensive, as against innocent posts.";
    Nuisance "nuisance" "Flooding and chain posts, as against innocent posts.";
    PoliticalReligious "political_religious" "Campaigning and proselytising, as against innocent posts.";
    PersonalInfo "personal_info" "Personal information disclosed, as against innocent posts.";
    Impersonation "impersonation" "Posing as somebody else, as against innocent posts.";
    Advertising "advertising" "Other companies' offers, as against innocent posts.";
    SpamMalware "spam_malware" "Bait and phishing, as against innocent posts.";
    PlatformTos "platform_tos" "Breaches of the platforms' terms, as against innocent posts.";
}

impl Output {
    /// From here on they are the clauses' own.
    pub(super) const FIRST_OF_CLAUSES: usize = Output::Solicitation as usize;

    /// A clause's own output.
    pub(crate) fn of(clause: Clause) -> Option<Output> {
        Some(match clause {
            Clause::Solicitation => Output::Solicitation,
            Clause::Slander => Output::Slander,
            Clause::IpInfringement => Output::IpInfringement,
            Clause::Criminal => Output::Criminal,
            Clause::Offensive => Output::Offensive,
            Clause::Nuisance => Output::Nuisance,
            Clause::PoliticalReligious => Output::PoliticalReligious,
            Clause::PersonalInfo => Output::PersonalInfo,
            Clause::Impersonation => Output::Impersonation,
            Clause::Advertising => Output::Advertising,
            Clause::SpamMalware => Output::SpamMalware,
            Clause::PlatformTos => Output::PlatformTos,
            Clause::Other => return None,
        })
    }
}

/// The scores of a text: how likely each output is, as far as the rows that the model learned from tell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores(pub(super) [f32; Output::COUNT]);

impl Scores {
    /// One score, 0 to 1.
    pub fn get(&self, output: Output) -> f32 {
        self.0[output as usize]
    }

    /// The highest score of any clause's own output.
    pub(crate) fn highest_of_a_clause(&self) -> f32 {
        self.0[Output::FIRST_OF_CLAUSES..].iter().copied().fold(0.0, f32::max)
    }

    /// Every output with its score.
    pub fn iter(&self) -> impl Iterator<Item = (Output, f32)> {
        Output::ALL.iter().copied().zip(self.0)
    }
}

impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Output::COUNT))?;
        for (output, score) in self.iter() {
            // Three digits say all that there is to say.
            map.serialize_entry(output.key(), &((score * 1000.0).round() / 1000.0))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Scores {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Scores;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("scores by output")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scores, A::Error> {
                let mut scores = Scores::default();
                // Scores of outputs that a newer or older model has are of no use here.
                while let Some((key, score)) = map.next_entry::<String, f32>()? {
                    if let Some(output) = Output::ALL.iter().copied().find(|output| output.key() == key) {
                        scores.0[output as usize] = score;
                    }
                }
                Ok(scores)
            }
        }
        deserializer.deserialize_map(Map)
    }
}
