//! Results as JUnit XML.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::suite::{Came, Case, Suite};

/// The results as one document: a `testsuite` for each file, a `testcase` for each scenario.
pub fn document(suites: &[Suite]) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let counts = counts(&cases);
    let all = writer.create_element("testsuites").with_attribute(("name", "servanda"));
    let all = all.with_attributes(counts.iter().map(|(name, count)| (*name, count.as_str())));
    all.write_inner_content(|writer| suites.iter().try_for_each(|suite| self::suite(writer, suite)))?;
    let mut text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn counts(cases: &[&Case]) -> [(&'static str, String); 3] {
    let count = |came: Came| cases.iter().filter(|case| case.came == came).count().to_string();
    [("tests", cases.len().to_string()), ("failures", count(Came::Failed)), ("errors", count(Came::Broken))]
}

fn suite(writer: &mut Writer<Vec<u8>>, suite: &Suite) -> io::Result<()> {
    let cases: Vec<&Case> = suite.cases.iter().collect();
    let counts = counts(&cases);
    let element = writer.create_element("testsuite").with_attribute(("name", legal(&suite.name).as_str()));
    let element = element.with_attributes(counts.iter().map(|(name, count)| (*name, count.as_str())));
    if cases.is_empty() {
        return element.write_empty().map(|_| ());
    }
    element.write_inner_content(|writer| cases.iter().try_for_each(|it| case(writer, suite, it))).map(|_| ())
}

fn case(writer: &mut Writer<Vec<u8>>, suite: &Suite, case: &Case) -> io::Result<()> {
    let (name, class) = (legal(&case.title), legal(&suite.name));
    let element = writer.create_element("testcase").with_attribute(("name", name.as_str()));
    let element = element.with_attribute(("classname", class.as_str()));
    let kind = match case.came {
        Came::Passed => return element.write_empty().map(|_| ()),
        Came::Failed => "failure",
        Came::Broken => "error",
    };
    let message = legal(&case.message);
    element
        .write_inner_content(|writer| {
            let inner = writer.create_element(kind).with_attribute(("message", message.as_str()));
            inner.write_text_content(BytesText::new(&legal(&case.plain))).map(|_| ())
        })
        .map(|_| ())
}

/// A text without the characters that no XML document may hold.
fn legal(text: &str) -> String {
    text.chars().filter(|letter| matches!(letter, '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'..)).collect()
}
