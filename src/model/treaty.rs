//! Headers, and which article belongs to which treaty.

use std::collections::BTreeSet;

use super::bindings::pattern_names;
use super::builder::{Builder, Heading};
use super::expr::Cx;
use super::load::{Loaded, LoadedFile};
use super::{Accession, ArticleId, Entry, Expiry, Expr, PartyId, Pattern, Treaty, TreatyId, Withdrawal, term, window};
use crate::arena::Id;
use crate::finding::{Code, Finding, suggestion};
use crate::syntax::ast::{self, EntryIntoForce, HeaderKind, Item, Name};
use crate::time::{Counting, Reckoning, Zone};

/// Reads the treaties of the files asked for, then of those that they name with `use … as`.
pub(super) fn treaties(builder: &mut Builder, loaded: &Loaded) {
    builder.treaty_of_file = vec![None; loaded.files.len()];
    let mut order: Vec<usize> = Vec::new();
    let mut open: Vec<usize> = loaded.roots.iter().rev().copied().collect();
    while let Some(file) = open.pop() {
        if order.contains(&file) {
            continue;
        }
        order.push(file);
        let named = loaded.files.get(file).into_iter().flat_map(|file| &file.uses);
        open.splice(0..0, named.filter(|(_, alias)| alias.is_some()).map(|(used, _)| *used));
    }
    let mut headings = Vec::new();
    for index in order {
        if let Some(file) = loaded.files.get(index) {
            treaties_of(builder, &mut headings, index, file);
        }
    }
    builder.headings = headings.into();
}

fn treaties_of(builder: &mut Builder, headings: &mut Vec<Heading>, index: usize, file: &LoadedFile) {
    let only = file.tree.items.iter().filter(|item| matches!(item, Item::Treaty(_))).count() <= 1;
    let mut current = None;
    if only && let Some(Item::Treaty(treaty)) = file.tree.items.iter().find(|item| matches!(item, Item::Treaty(_))) {
        current = Some(self::treaty(builder, index, treaty));
    }
    for item in &file.tree.items {
        match item {
            Item::Treaty(treaty) if !only => current = Some(self::treaty(builder, index, treaty)),
            Item::Article(article) => {
                let treaty = *current.get_or_insert_with(|| unnamed(builder, index, &file.name));
                add_article(builder, headings, treaty, article);
            }
            _ => {}
        }
    }
}

/// A treaty without a header: its articles are in force throughout, and its zone is UTC.
fn unnamed(builder: &mut Builder, file: usize, name: &str) -> TreatyId {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let treaty = Treaty {
        name: stem.split('.').next().unwrap_or(stem).to_owned(),
        title: None,
        reckoning: utc(),
        entry: Entry::FirstEvent,
        expiry: None,
        withdrawal: None,
    };
    add_treaty(builder, file, treaty)
}

fn utc() -> Reckoning {
    Reckoning { counting: Counting::Elapsed, zone: Zone::UTC, calendar: None }
}

fn add_treaty(builder: &mut Builder, file: usize, treaty: Treaty) -> TreatyId {
    builder.file_of_treaty.push(file);
    let id = builder.program.treaties.push(treaty);
    if let Some(first @ None) = builder.treaty_of_file.get_mut(file) {
        *first = Some(id);
    }
    id
}

fn add_article(builder: &mut Builder, headings: &mut Vec<Heading>, treaty: TreatyId, article: &ast::Article) {
    let label = &article.label;
    if let Some(first) = builder.labels.get(&(treaty, label.text.clone())).and_then(|labelled| labelled.own) {
        builder.declared_twice(&format!("article {}", label.text), first, label.span);
        return;
    }
    builder.labels.entry((treaty, label.text.clone())).or_default().own = Some(label.span);
    if article.norm.is_none() {
        return;
    }
    // An article is meant by its own label and by each that it is numbered under.
    let id = ArticleId::from_index(headings.len());
    let above = label.text.match_indices('.').map(|(dot, _)| dot).chain([label.text.len()]);
    for end in above {
        let prefix = label.text.get(..end).unwrap_or_default().to_owned();
        builder.labels.entry((treaty, prefix)).or_default().articles.push(id);
    }
    let file = *builder.file_of_treaty.at(treaty);
    headings.push(Heading { treaty, article: term::article(builder.scope(file), article) });
}

fn treaty(builder: &mut Builder, file: usize, treaty: &ast::Treaty) -> TreatyId {
    once_each(builder, treaty);
    let kinds = || treaty.fields.iter().map(|field| &field.kind);
    let zone = kinds().find_map(|kind| match kind {
        HeaderKind::TimeZone(name) => Some(zone(builder, name)),
        _ => None,
    });
    let counting = kinds().find_map(|kind| match kind {
        HeaderKind::Counting(name) => window::counting(builder, name),
        _ => None,
    });
    let signed = kinds().find_map(|kind| match kind {
        HeaderKind::Signed(date) => Some(*date),
        _ => None,
    });
    let zone = zone.unwrap_or(Zone::UTC);
    let entry = signed.map_or(Entry::FirstEvent, |date| Entry::At(zone.start_of(date)));
    let calendar = kinds().find_map(|kind| match kind {
        HeaderKind::Calendar(name) => Some(window::calendar(builder, file, name)),
        _ => None,
    });
    let id = add_treaty(
        builder,
        file,
        Treaty {
            name: treaty.name.text.clone(),
            title: treaty.title.clone(),
            reckoning: Reckoning { counting: counting.unwrap_or_default(), zone, calendar: calendar.clone().flatten() },
            entry,
            expiry: None,
            withdrawal: None,
        },
    );
    if let Some(calendar) = calendar {
        builder.calendar_of_treaty.insert(id, calendar);
    }
    for kind in kinds() {
        if let HeaderKind::InForce { from, until } = kind {
            in_force(builder, id, from, until.as_ref());
        }
        if let HeaderKind::Withdrawal(pattern, notice) = kind {
            withdrawal(builder, id, pattern, notice.as_ref());
        }
    }
    id
}

fn once_each(builder: &mut Builder, treaty: &ast::Treaty) {
    let mut seen = BTreeSet::new();
    for field in &treaty.fields {
        let word = field.kind.word();
        if !seen.insert(word) {
            builder.report(
                Finding::error(Code::HeaderRepeated, format!("`{word}` is said twice"))
                    .at(field.span, "again here")
                    .help("a treaty has each field of its header at most once"),
            );
        }
    }
}

fn zone(builder: &mut Builder, name: &Name) -> Zone {
    Zone::named(&name.text).unwrap_or_else(|| {
        let names = Zone::names();
        builder.report(
            Finding::error(Code::UnknownTimeZone, format!("there is no time zone `{}`", name.text))
                .at(name.span, "not in the IANA database")
                .help(
                    suggestion(&name.text, names.iter().map(String::as_str))
                        .unwrap_or_else(|| "write its IANA name, such as `Europe/Kyiv`".to_owned()),
                ),
        );
        Zone::UTC
    })
}

fn in_force(builder: &mut Builder, id: TreatyId, from: &EntryIntoForce, until: Option<&ast::Expiry>) {
    let mut cx = Cx::of(builder, id, &[]);
    let entry = match from {
        EntryIntoForce::From(time) => cx.instant(time).map(Entry::At),
        EntryIntoForce::On(pattern) => accession(&mut cx, pattern, None, None, None),
        EntryIntoForce::OnAll(members, pattern) => accession(&mut cx, pattern, Some(members), None, None),
        EntryIntoForce::After(delay, count, pattern) => accession(&mut cx, pattern, None, count.as_ref(), Some(delay)),
    };
    let expiry = until.and_then(|until| match until {
        ast::Expiry::For(duration) => window::duration(&mut cx, duration).map(Expiry::After),
        ast::Expiry::Until(time) => cx.instant(time).map(Expiry::At),
        ast::Expiry::UntilEvent(pattern) => pattern_of_header(&mut cx, pattern).map(Expiry::On),
    });
    let treaty = builder.program.treaties.at_mut(id);
    if let Some(entry) = entry {
        treaty.entry = entry;
    }
    treaty.expiry = expiry;
}

/// What brings a treaty into force, where something has to happen; the act of several parties needs an actor.
fn accession(
    cx: &mut Cx<'_>,
    pattern: &ast::Pattern,
    among: Option<&ast::Members>,
    count: Option<&ast::Spanned<u32>>,
    delay: Option<&ast::DurationLiteral>,
) -> Option<Entry> {
    let resolved = pattern_of_header(cx, pattern)?;
    let among = match among {
        Some(members) => Some(static_members(cx, members)?),
        None => None,
    };
    let delay = match delay {
        Some(delay) => Some(window::duration(cx, delay)?),
        None => None,
    };
    let parties = match (&among, count) {
        (Some(among), _) => among.len(),
        (None, Some(count)) => count.value as usize,
        (None, None) => 1,
    };
    if parties != 1 {
        has_actor(cx, &resolved, pattern)?;
    }
    Some(Entry::When(Accession { pattern: resolved, parties, among, delay }))
}

/// A pattern of the header, whose names are known in it alone.
fn pattern_of_header(cx: &mut Cx<'_>, pattern: &ast::Pattern) -> Option<Pattern> {
    let mut pattern = pattern.clone();
    term::write_out(cx.scope(), &mut pattern);
    let mut bound = Vec::new();
    pattern_names(cx.builder, cx.file, &pattern, false, &mut bound);
    Cx::of(cx.builder, cx.treaty?, &bound).pattern(&pattern)
}

/// The members of a declared group, which no event changes.
fn static_members(cx: &mut Cx<'_>, members: &ast::Members) -> Option<Vec<PartyId>> {
    let resolved = cx.members(members)?;
    let parties = |expr: &Expr| match expr {
        Expr::Constant(value) => value.parties(),
        _ => Vec::new(),
    };
    let without: Vec<_> = resolved.without.iter().flat_map(parties).collect();
    Some(parties(&resolved.base).into_iter().filter(|party| !without.contains(party)).collect())
}

fn has_actor(cx: &mut Cx<'_>, pattern: &Pattern, written: &ast::Pattern) -> Option<()> {
    let kind = cx.builder.program.kinds.at(pattern.kind);
    if kind.by.is_some() {
        return Some(());
    }
    let finding = Finding::error(Code::FieldMissing, format!("`{}` does not say who does it", kind.name))
        .at(written.span, "parties are counted by it")
        .at(kind.span, "declared here without `by: party`")
        .help("declare it with a field `by: party`");
    cx.builder.report(finding);
    None
}

fn withdrawal(builder: &mut Builder, id: TreatyId, pattern: &ast::Pattern, notice: Option<&ast::DurationLiteral>) {
    let mut cx = Cx::of(builder, id, &[]);
    let notice = notice.map(|notice| window::duration(&mut cx, notice));
    if let Some(resolved) = pattern_of_header(&mut cx, pattern)
        && has_actor(&mut cx, &resolved, pattern).is_some()
        && notice != Some(None)
    {
        let withdrawal = Withdrawal { pattern: resolved, notice: notice.flatten() };
        builder.program.treaties.at_mut(id).withdrawal = Some(withdrawal);
    }
}
