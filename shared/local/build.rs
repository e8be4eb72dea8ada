//! Tells cargo that the sample day is part of the program, so that a changed event is built in.

fn main() {
    println!("cargo::rerun-if-changed=sample");
}
