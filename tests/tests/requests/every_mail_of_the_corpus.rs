//! Every mail of the corpus through the function: taken in or left, never answered when a machine wrote it, and our own
//! cases beside it. Each passes every check, so that nothing but the mail itself can keep us silent.

use std::path::{Path, PathBuf};

use tests::desk::Desk;

/// Words of kinds in the manifest that a machine wrote.
const MACHINES: [&str; 6] = ["bounce", "auto-reply", "report", "list", "mdn", "loop"];

fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("SEKISHO_CORPUS").map(PathBuf::from)?;
    let mail = root.join("mail");
    mail.is_dir().then_some(mail)
}

/// Files with their kind.
fn rows(folder: &Path) -> Vec<(PathBuf, String)> {
    let manifest = std::fs::read_to_string(folder.join("manifest.tsv")).unwrap();
    let mut lines = manifest.lines();
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).unwrap();
    let (file, kind) = (at("file"), at("kind"));
    let row = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        (folder.join(fields[file]), fields[kind].to_owned())
    };
    lines.filter(|line| !line.trim().is_empty()).map(row).collect()
}

fn is_machine(kind: &str) -> bool {
    !kind.starts_with("human") && MACHINES.iter().any(|machine| kind.contains(machine))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mail_breaks_the_function_and_no_machine_is_answered() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/privacy/cases/mail");
    let mut mails: Vec<(PathBuf, String)> = std::fs::read_dir(own)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let kind = if name.contains("bounce") {
                "bounce"
            } else if name.contains("vacation") {
                "auto-reply"
            } else {
                "own"
            };
            (path, kind.to_owned())
        })
        .collect();
    assert!(mails.len() >= 10);
    if let Some(folder) = corpus() {
        let rows = rows(&folder);
        assert!(rows.len() >= 150 && rows.iter().filter(|(_, kind)| is_machine(kind)).count() >= 50);
        mails.extend(rows);
    }
    let desk = Desk::new().await;
    for (path, kind) in &mails {
        // The mails were written for all sorts of addresses: a desk of a new day answers each as if it were the first.
        desk.after(49);
        let before = desk.letters().len();
        desk.mail(&std::fs::read(path).unwrap()).await;
        let sent = desk.letters().len() - before;
        assert!(sent <= 1, "{}", path.display());
        assert!(sent == 0 || !is_machine(kind), "{} ({kind}) was answered", path.display());
    }
}
