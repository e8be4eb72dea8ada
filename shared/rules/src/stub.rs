//! stub
#![allow(missing_docs)]
use crate::*;
use jiff::Timestamp;
#[derive(Default, Clone, Debug)] pub struct Plan { pub actions: Vec<ActionKind>, pub tasks: Vec<TaskKind> }
pub struct Policy; pub struct Rulebook; pub struct GuidelineVersion { pub id: String }
pub struct Organisation;
impl Organisation { pub fn purpose_of(&self, _: &str)->Option<&str>{None} }
impl Policy { pub fn plan(&self,_:&Post,_:&Judgement,_:u32)->Plan{Plan::default()} pub fn retention_days(&self,_:Verdict)->u32{30} pub fn strike_days(&self)->u32{180} pub fn daily_caps(&self)->&std::collections::BTreeMap<ActionKind,u32>{todo!()} }
impl Rulebook { pub fn embedded()->Result<&'static Rulebook,std::io::Error>{todo!()} pub fn organisation(&self)->&Organisation{&Organisation} pub fn policy(&self)->&Policy{&Policy} pub fn version(&self)->&str{"x"} pub fn guidelines_at(&self,_:Timestamp)->&GuidelineVersion{ todo!() } }
pub fn judge(_:&Post,_:&Context,_:&Rulebook,_:Timestamp)->Judgement { todo!() }
pub fn folded(t:&str)->String{t.to_lowercase()}
