//! Every finding and its page.

use crate::finding::{Code, suggestion};

/// The page of the finding of that name.
///
/// # Errors
///
/// What to do where there is none: the name that was perhaps meant.
pub fn page(name: &str) -> Result<&'static str, String> {
    let found = Code::ALL.iter().find(|code| code.name() == name);
    found.map(|code| code.page()).ok_or_else(|| {
        suggestion(name, Code::ALL.iter().map(|code| code.name()))
            .unwrap_or_else(|| "`servanda explain` alone lists every name".to_owned())
    })
}

/// Every name with the first line of its page.
pub fn index() -> Vec<(&'static str, &'static str)> {
    let pages = Code::ALL.iter().map(|code| (code.name(), summary(code.page())));
    pages.collect()
}

/// The first sentence under the heading.
fn summary(page: &'static str) -> &'static str {
    page.lines().skip(1).map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}
