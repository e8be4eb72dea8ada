//! No table, index, bucket or queue may hold anything of people without being in the list of places.

use privacy::registry::resources::{Kind, find};
use serde_json::Value;

#[test]
fn every_table_and_index_of_the_definitions_is_registered() {
    let mut seen = 0;
    for definition in [store::TABLE, store::requests::TABLE] {
        let definition: Value = serde_json::from_str(definition).unwrap();
        let table = definition["TableName"].as_str().unwrap();
        assert!(find(Kind::Table, table).is_some(), "table {table}");
        for index in definition["GlobalSecondaryIndexes"].as_array().unwrap() {
            let name = format!("{table}/{}", index["IndexName"].as_str().unwrap());
            assert!(find(Kind::Index, &name).is_some(), "index {name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 4);
}

/// The logical names of the template's resources of a type, as its YAML has them: two spaces, name, colon; then the
/// type.
fn of_type(template: &str, kind: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut last = String::new();
    for line in template.lines() {
        let indent = line.len() - line.trim_start().len();
        if indent == 2 && line.trim_end().ends_with(':') {
            last = line.trim().trim_end_matches(':').to_owned();
        } else if indent == 4 && line.trim() == format!("Type: {kind}") {
            names.push(last.clone());
        }
    }
    names
}

#[test]
fn every_bucket_queue_and_table_of_the_template_is_registered() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml");
    let Ok(template) = std::fs::read_to_string(&path) else {
        eprintln!("no template yet");
        return;
    };
    let kinds = [
        ("AWS::S3::Bucket", Kind::Bucket),
        ("AWS::DynamoDB::Table", Kind::Table),
        ("AWS::DynamoDB::GlobalTable", Kind::Table),
        ("AWS::SQS::Queue", Kind::Queue),
    ];
    let mut seen = 0;
    for (kind, resource) in kinds {
        for name in of_type(&template, kind) {
            // Queues are named for what they carry; one of dead letters holds what its queue held.
            let short = ["Queue", "Dead", "Bucket", "Table"].iter().find_map(|suffix| name.strip_suffix(suffix));
            let short = short.unwrap_or(&name).to_lowercase();
            assert!(find(resource, &short).is_some(), "{kind} {name}: no place called {short:?} is registered");
            seen += 1;
        }
    }
    assert!(seen >= 4, "the template was not read: {seen}");
}
