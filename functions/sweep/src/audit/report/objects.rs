//! Where the reports of a night lie in the bucket.

use jiff::civil::Date;

/// The figures, without a word of anybody but us: kept.
pub fn figures(date: Date) -> String {
    format!("audit/{date}/report.json")
}

/// The page, which quotes people: removed after days.
pub fn page(date: Date) -> String {
    format!("audit/{date}/report.html")
}
