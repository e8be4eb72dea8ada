//! The thirteen prohibitions of the guidelines, by the keys used everywhere.

use serde::{Deserialize, Serialize};

/// A prohibition of the guidelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// Comments or URLs for one's own or a third party's business.
    Solicitation,
    /// Slander, or content against public order or morality.
    Slander,
    /// Infringement of copyright, trademark or portrait rights.
    IpInfringement,
    /// Content that results or is likely to result in a criminal act.
    Criminal,
    /// Expressions highly offensive to other users.
    Offensive,
    /// Interference with smooth operation, inconvenience to others.
    Nuisance,
    /// Political, election campaign or religious activity.
    PoliticalReligious,
    /// Personal information disclosed without consent.
    PersonalInfo,
    /// Impersonation of the company, its stakeholders or a third party.
    Impersonation,
    /// Advertising: other companies, products, comparisons, affiliation.
    Advertising,
    /// Spam, harmful programs or scripts.
    SpamMalware,
    /// Content against X's or YouTube's terms.
    PlatformTos,
    /// Whatever else the company deems inappropriate; a reviewer's choice, never a machine's.
    Other,
}

impl Clause {
    /// Every clause, in the order of the guidelines.
    pub const ALL: [Clause; 13] = [
        Clause::Solicitation,
        Clause::Slander,
        Clause::IpInfringement,
        Clause::Criminal,
        Clause::Offensive,
        Clause::Nuisance,
        Clause::PoliticalReligious,
        Clause::PersonalInfo,
        Clause::Impersonation,
        Clause::Advertising,
        Clause::SpamMalware,
        Clause::PlatformTos,
        Clause::Other,
    ];

    /// The key, for example `ip_infringement`.
    pub fn key(self) -> &'static str {
        match self {
            Clause::Solicitation => "solicitation",
            Clause::Slander => "slander",
            Clause::IpInfringement => "ip_infringement",
            Clause::Criminal => "criminal",
            Clause::Offensive => "offensive",
            Clause::Nuisance => "nuisance",
            Clause::PoliticalReligious => "political_religious",
            Clause::PersonalInfo => "personal_info",
            Clause::Impersonation => "impersonation",
            Clause::Advertising => "advertising",
            Clause::SpamMalware => "spam_malware",
            Clause::PlatformTos => "platform_tos",
            Clause::Other => "other",
        }
    }
}

impl std::str::FromStr for Clause {
    type Err = String;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        Clause::ALL.into_iter().find(|clause| clause.key() == key).ok_or_else(|| {
            let known = Clause::ALL.map(Clause::key).join(", ");
            format!("no clause is called {key:?}; there are {known}")
        })
    }
}

impl std::fmt::Display for Clause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}
