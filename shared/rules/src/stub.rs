//! stub
#![allow(missing_docs)]
use crate::*;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::OnceLock;
#[derive(Default, Clone, Debug)]
pub struct Plan {
    pub actions: Vec<ActionKind>,
    pub tasks: Vec<TaskKind>,
}
pub struct Policy {
    caps: BTreeMap<ActionKind, u32>,
}
pub struct Rulebook {
    policy: Policy,
    g: GuidelineVersion,
}
pub struct GuidelineVersion {
    pub id: String,
}
pub struct Organisation;
impl Organisation {
    pub fn purpose_of(&self, _: &str) -> Option<&str> {
        None
    }
}
impl Policy {
    pub fn plan(&self, p: &Post, j: &Judgement, _: u32) -> Plan {
        if j.verdict != Verdict::Act {
            return Plan::default();
        }
        match p.platform {
            Platform::YouTube => Plan { actions: vec![ActionKind::Hold], tasks: vec![] },
            Platform::X => {
                if p.kind == PostKind::Reply || (p.kind == PostKind::Post && p.answers.is_some()) {
                    Plan { actions: vec![ActionKind::HideReply], tasks: vec![] }
                } else {
                    Plan { actions: vec![], tasks: vec![TaskKind::ReportPost] }
                }
            }
        }
    }
    pub fn retention_days(&self, _: Verdict) -> u32 {
        30
    }
    pub fn strike_days(&self) -> u32 {
        180
    }
    pub fn daily_caps(&self) -> &BTreeMap<ActionKind, u32> {
        &self.caps
    }
}
impl Rulebook {
    pub fn embedded() -> Result<&'static Rulebook, std::io::Error> {
        static R: OnceLock<Rulebook> = OnceLock::new();
        Ok(R.get_or_init(|| Rulebook {
            policy: Policy { caps: BTreeMap::from([(ActionKind::HideReply, 500), (ActionKind::Hold, 500)]) },
            g: GuidelineVersion { id: "2024-01-01".into() },
        }))
    }
    pub fn organisation(&self) -> &Organisation {
        &Organisation
    }
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
    pub fn version(&self) -> &str {
        "stub"
    }
    pub fn guidelines_at(&self, _: Timestamp) -> &GuidelineVersion {
        &self.g
    }
}
pub fn judge(p: &Post, _: &Context, _: &Rulebook, _: Timestamp) -> Judgement {
    let mut v = vec![];
    for w in ["死ね", "殺す", "LINE追加"] {
        if let Some(i) = p.text.find(w) {
            v.push(Violation {
                clause: Clause::Criminal,
                rule: "STB001".into(),
                confidence: 0.97,
                verdict: Verdict::Act,
                spans: vec![Span { start: i, end: i + w.len() }],
                evidence: vec![w.into()],
            });
        }
    }
    let unknowns = if p.media == Media::Attached && p.text.trim().is_empty() {
        vec![Unknown { what: "image".into(), rule: None }]
    } else {
        vec![]
    };
    Judgement {
        verdict: if !v.is_empty() {
            Verdict::Act
        } else if !unknowns.is_empty() {
            Verdict::Review
        } else {
            Verdict::Allow
        },
        violations: v,
        unknowns,
        scores: Default::default(),
        rulebook: "stub".into(),
        guidelines: "2024-01-01".into(),
    }
}
pub fn folded(t: &str) -> String {
    t.to_lowercase()
}
