//! Tells cargo that the rulebook is part of the program, so that a changed rule is built in.

fn main() {
    println!("cargo::rerun-if-changed=rulebook");
}
