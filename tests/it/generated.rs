//! Laws of every construct: treaties and logs that chance makes, replayed both ways.

use std::collections::BTreeMap;

use super::made_up;

#[test]
#[ignore = "tells how many made-up treaties pass check, and why others do not"]
fn how_many_pass() {
    let mut reasons: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut passed = 0;
    const ALL: u64 = 2000;
    for seed in 0..ALL {
        let text = made_up::text(&made_up::treaty(seed));
        let (_, findings, _) = made_up::checked(&text);
        if made_up::is_whole(&findings) {
            passed += 1;
            continue;
        }
        let first = &findings[0];
        let label = first.labels.first().map_or(0..0, |it| it.span.start..it.span.end);
        let around = text[..label.start].rfind('\n').map_or(0, |at| at + 1)..text[label.end..].find('\n').map_or(text.len(), |at| at + label.end);
        let shown = format!("{} «{}» in {}", first.message, &text[label], &text[around]);
        let entry = reasons.entry(first.code.name().to_owned() + " " + &first.message.chars().take(30).collect::<String>()).or_insert((0, shown));
        entry.0 += 1;
    }
    let mut reasons: Vec<_> = reasons.into_values().collect();
    reasons.sort_by_key(|it| std::cmp::Reverse(it.0));
    for (count, shown) in reasons.iter().take(40) {
        eprintln!("{count}: {shown}");
    }
    eprintln!("{passed} of {ALL} pass");
}
