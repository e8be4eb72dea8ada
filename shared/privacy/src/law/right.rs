//! The rights a person may use against us, and the rulebook each comes from.

use serde::{Deserialize, Serialize};

/// A body of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// Japan: Act on the Protection of Personal Information.
    Appi,
    /// European Union: General Data Protection Regulation.
    Gdpr,
    /// California: Consumer Privacy Act and its regulations.
    Ccpa,
    /// X Developer Agreement and Policy.
    X,
    /// YouTube API Services Developer Policies.
    Youtube,
}

/// A right. GDPR 19 (telling recipients) is our duty that follows from 16 to 18, not a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// APPI 32(2): to be told the purpose of use.
    AppiPurposeNotice,
    /// APPI 33(1): disclosure.
    AppiDisclosure,
    /// APPI 33(5): records of provision to third parties.
    AppiProvisionRecords,
    /// APPI 34: correction, addition or deletion of what is not factual.
    AppiCorrection,
    /// APPI 35(1): use stopped or data erased after a violation.
    AppiCessation,
    /// APPI 35(3): provision to third parties stopped.
    AppiProvisionCessation,
    /// APPI 35(5): stopped or erased because no longer needed, leaked, or likely to harm.
    AppiNeedlessOrHarmful,
    /// GDPR 15.
    GdprAccess,
    /// GDPR 16.
    GdprRectification,
    /// GDPR 17.
    GdprErasure,
    /// GDPR 18.
    GdprRestriction,
    /// GDPR 20.
    GdprPortability,
    /// GDPR 21.
    GdprObjection,
    /// GDPR 22: a person looks at an automated decision.
    GdprHumanReview,
    /// CCPA 1798.110.
    CcpaKnow,
    /// CCPA 1798.105.
    CcpaDelete,
    /// CCPA 1798.106.
    CcpaCorrect,
    /// CCPA 1798.120.
    CcpaOptOut,
    /// X Developer Agreement IV.B: X content deleted or modified for its author.
    XContentDeletion,
    /// YouTube Developer Policies III.E.4.g: a user's stored data deleted.
    YoutubeDeletion,
}

impl Right {
    /// Every right.
    pub const ALL: [Right; 20] = [
        Right::AppiPurposeNotice,
        Right::AppiDisclosure,
        Right::AppiProvisionRecords,
        Right::AppiCorrection,
        Right::AppiCessation,
        Right::AppiProvisionCessation,
        Right::AppiNeedlessOrHarmful,
        Right::GdprAccess,
        Right::GdprRectification,
        Right::GdprErasure,
        Right::GdprRestriction,
        Right::GdprPortability,
        Right::GdprObjection,
        Right::GdprHumanReview,
        Right::CcpaKnow,
        Right::CcpaDelete,
        Right::CcpaCorrect,
        Right::CcpaOptOut,
        Right::XContentDeletion,
        Right::YoutubeDeletion,
    ];

    /// The rulebook that grants it.
    pub fn regime(self) -> Regime {
        match self {
            Right::AppiPurposeNotice
            | Right::AppiDisclosure
            | Right::AppiProvisionRecords
            | Right::AppiCorrection
            | Right::AppiCessation
            | Right::AppiProvisionCessation
            | Right::AppiNeedlessOrHarmful => Regime::Appi,
            Right::GdprAccess
            | Right::GdprRectification
            | Right::GdprErasure
            | Right::GdprRestriction
            | Right::GdprPortability
            | Right::GdprObjection
            | Right::GdprHumanReview => Regime::Gdpr,
            Right::CcpaKnow | Right::CcpaDelete | Right::CcpaCorrect | Right::CcpaOptOut => Regime::Ccpa,
            Right::XContentDeletion => Regime::X,
            Right::YoutubeDeletion => Regime::Youtube,
        }
    }

    /// Whether it is about data from this platform; all but the platforms' own are about data from both.
    pub fn reaches(self, platform: rules::Platform) -> bool {
        match (self.regime(), platform) {
            (Regime::X, rules::Platform::YouTube) | (Regime::Youtube, rules::Platform::X) => false,
            (Regime::X | Regime::Youtube | Regime::Appi | Regime::Gdpr | Regime::Ccpa, _) => true,
        }
    }
}

/// Why a request is refused, wholly or in part. Which reasons fit which right is in the law files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// The purpose is clear from what we publish.
    AlreadyPublished,
    /// Life, body, property or rights of the person or of a third party would be harmed.
    HarmToPersonOrThirdParty,
    /// Our rights or legitimate interests would be harmed.
    HarmToOurInterests,
    /// A public body's work would be impeded.
    ImpedesPublicBody,
    /// Proper conduct of our business would be seriously impeded.
    ImpedesBusinessSeriously,
    /// Another law would be broken.
    BreachOfOtherLaw,
    /// The record is of a kind that a Cabinet Order excludes.
    RecordTypeExcluded,
    /// What we hold is factual.
    ContentIsFactual,
    /// What is disputed is a judgement, not a fact.
    EvaluationNotFact,
    /// The change is not needed for the purpose of use.
    NotNeededForPurpose,
    /// Another law has its own procedure for it.
    SpecialProcedureElsewhere,
    /// No violation was found.
    NoViolationFound,
    /// The data is still needed for the stated purpose.
    StillNeeded,
    /// No likely harm to rights or legitimate interests.
    NoLikelyHarm,
    /// The demand goes beyond what is needed to end the violation.
    BeyondNecessary,
    /// High cost or difficulty, and a substitute measure is taken instead.
    CostlyWithSubstitute,
    /// Control of the account was not shown.
    NotVerified,
    /// We cannot tell whose data it is.
    CannotIdentify,
    /// Manifestly unfounded or excessive.
    UnfoundedOrExcessive,
    /// Rights and freedoms of others.
    RightsOfOthers,
    /// Freedom of expression and information.
    FreedomOfExpression,
    /// A legal obligation demands that the data is kept.
    LegalObligation,
    /// Public interest, archiving or research.
    PublicInterest,
    /// Legal claims.
    LegalClaims,
    /// Processing rests neither on consent nor on a contract.
    NotConsentOrContract,
    /// Compelling legitimate grounds.
    CompellingGrounds,
    /// The decision was not made by a machine alone.
    NotAutomated,
    /// A statutory exception to deletion.
    DeletionException,
    /// Reasonable belief that the request is fraudulent.
    SuspectedFraud,
    /// Law forbids it, and the platform permits in writing.
    ForbiddenByLawAndPermitted,
}

impl RefusalReason {
    /// Whether the refusal must name the measure taken instead.
    pub fn needs_substitute(self) -> bool {
        self == RefusalReason::CostlyWithSubstitute
    }
}
