//! Headers, and which article belongs to which treaty.

use std::collections::BTreeSet;

use super::builder::{Builder, Dated, Heading};
use super::expr::{Cx, Own};
use super::load::{Loaded, LoadedFile};
use super::{
    Accession, ArticleId, Entry, Expiry, Expr, Law, Occurrence, PartyId, Pattern, Renewal, Treaty, TreatyId, Value,
    Withdrawal, declare, window,
};
use crate::arena::{Id, Set};
use crate::finding::{Code, Finding, suggestion};
use crate::source::Span;
use crate::syntax::ast::{self, EntryIntoForce, HeaderKind, Item, Name};
use crate::time::{Counting, Instant, Reckoning, Zone};

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
        let named = named.filter(|(_, alias)| alias.is_some()).map(|(used, _)| *used);
        let tested = loaded.tested_by(file);
        open.splice(0..0, named.chain(tested));
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
    let readings: Set<String> = file.tree.items.iter().filter_map(reading_of).map(|name| name.text.clone()).collect();
    let reading = readings.get_index(builder.reading(index, readings.len())).cloned();
    for item in &file.tree.items {
        match item {
            Item::Treaty(treaty) if !only => current = Some(self::treaty(builder, index, treaty)),
            Item::Article(article) => {
                let treaty = *current.get_or_insert_with(|| unnamed(builder, index, &file.name));
                add_article(builder, headings, treaty, article, reading.as_deref());
            }
            _ => {}
        }
    }
    if let Some(treaty) = current {
        builder.readings.insert(treaty, readings);
    }
}

/// The reading to which an article belongs.
pub(super) fn reading_of(item: &Item) -> Option<&Name> {
    let Item::Article(article) = item else { return None };
    article.fields.iter().find_map(|field| match &field.kind {
        HeaderKind::Reading(name) => Some(name),
        _ => None,
    })
}

/// A treaty without a header: its articles are in force throughout, and its zone is UTC.
fn unnamed(builder: &mut Builder, file: usize, name: &str) -> TreatyId {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let treaty = Treaty {
        name: stem.split('.').next().unwrap_or(stem).to_owned(),
        title: None,
        reckoning: utc(),
        signed: None,
        entry: Entry::FirstEvent,
        expiry: None,
        renewal: None,
        withdrawal: None,
    };
    add_treaty(builder, file, treaty)
}

pub(super) fn utc() -> Reckoning {
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

fn add_article(
    builder: &mut Builder,
    headings: &mut Vec<Heading>,
    treaty: TreatyId,
    article: &ast::Article,
    reading: Option<&str>,
) {
    let label = &article.label;
    once_each(builder, &article.fields);
    let own_reading = article.fields.iter().find_map(|field| match &field.kind {
        HeaderKind::Reading(name) => Some(name.text.clone()),
        _ => None,
    });
    let elsewhere = own_reading.is_some() && own_reading.as_deref() != reading;
    let dated = dated(builder, treaty, article, own_reading);
    let before = builder.labels.get(&(treaty, label.text.clone())).map(|labelled| labelled.own.clone());
    if let Some(first) = before.iter().flatten().find(|first| first.reading == dated.reading && overlap(first, &dated))
    {
        both_in_force(builder, label, first);
        return;
    }
    builder.labels.entry((treaty, label.text.clone())).or_default().own.push(dated);
    if article.norm.is_none() || elsewhere {
        return;
    }
    // An article is meant by its own label and by each that it is numbered under.
    let id = ArticleId::from_index(headings.len());
    let above = label.text.match_indices('.').map(|(dot, _)| dot).chain([label.text.len()]);
    for end in above {
        let prefix = label.text.get(..end).unwrap_or_default().to_owned();
        builder.labels.entry((treaty, prefix)).or_default().articles.push(id);
    }
    headings.push(Heading { treaty, article: article.clone() });
}

/// When an article is in force, as far as its own dates say.
fn dated(builder: &mut Builder, treaty: TreatyId, article: &ast::Article, reading: Option<String>) -> Dated {
    let mut dated = Dated { span: article.label.span, reading, from: None, until: None, by_events: false };
    let Some(in_force) = article.fields.iter().find_map(|field| match &field.kind {
        HeaderKind::InForce(in_force) => Some(in_force),
        _ => None,
    }) else {
        return dated;
    };
    let mut cx = Cx::of(builder, treaty, &[]);
    match &in_force.from {
        Some(EntryIntoForce::From(time)) => dated.from = cx.instant(time),
        Some(_) => dated.by_events = true,
        None => {}
    }
    match &in_force.until {
        Some(ast::Expiry::Until(ast::Occurrence { kind: ast::OccurrenceKind::Time(time), span })) => {
            dated.until = cx.instant(time);
            if let (Some(from), Some(until)) = (dated.from, dated.until)
                && until <= from
                && let Some(EntryIntoForce::From(beginning)) = &in_force.from
            {
                declare::ends_too_early(builder, *span, beginning.span());
            }
        }
        Some(_) => dated.by_events = true,
        None => {}
    }
    dated
}

/// Whether two articles of one label would be in force together; what events decide is not known beforehand.
fn overlap(first: &Dated, second: &Dated) -> bool {
    let before = |end: Option<Instant>, beginning: Option<Instant>| {
        end.zip(beginning).is_some_and(|(end, beginning)| end <= beginning)
    };
    !(first.by_events || second.by_events || before(first.until, second.from) || before(second.until, first.from))
}

fn both_in_force(builder: &mut Builder, label: &Name, first: &Dated) {
    if first.from.is_none() && first.until.is_none() {
        builder.declared_twice(&format!("article {}", label.text), first.span, label.span);
        return;
    }
    builder.report(
        Finding::error(Code::AmendmentsOverlap, format!("two articles {} would be in force together", label.text))
            .at(label.span, "in force at the same time as")
            .at(first.span, "this one")
            .help("let the first end when the second begins: `in force until 2012-01-01`, `in force from 2012-01-01`"),
    );
}

/// What an article says of its own about how its days are counted.
pub(super) fn own(builder: &mut Builder, treaty: TreatyId, article: &ast::Article) -> Own {
    let file = *builder.file_of_treaty.at(treaty);
    let mut own = Own::default();
    for field in &article.fields {
        match &field.kind {
            HeaderKind::TimeZone(name) => own.zone = Some(zone(builder, name)),
            HeaderKind::Calendar(name) => own.calendar = Some(window::calendar(builder, file, name)),
            HeaderKind::Counting(name) => own.counting = window::counting(builder, name),
            HeaderKind::InForce(written) => {
                let mut cx = Cx::of(builder, treaty, &[]);
                own.entry = entry(&mut cx, written.from.as_ref());
                own.expiry = expiry(&mut cx, written.until.as_ref());
            }
            _ => {}
        }
    }
    own
}

/// When an article is in force, and how its days are counted; what it says has been checked before.
pub(super) fn law(builder: &mut Builder, heading: &Heading) -> Law {
    let reported = builder.findings.len();
    let own = own(builder, heading.treaty, &heading.article);
    builder.findings.truncate(reported);
    let mut reckoning = builder.program.treaties.at(heading.treaty).reckoning.clone();
    reckoning.counting = own.counting.unwrap_or(reckoning.counting);
    reckoning.zone = own.zone.unwrap_or(reckoning.zone);
    reckoning.calendar = own.calendar.unwrap_or(reckoning.calendar);
    Law { reckoning, entry: own.entry, expiry: own.expiry }
}

fn treaty(builder: &mut Builder, file: usize, treaty: &ast::Treaty) -> TreatyId {
    once_each(builder, &treaty.fields);
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
    let signed = signed.map(|date| zone.start_of(date));
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
            signed,
            entry: signed.map_or(Entry::FirstEvent, Entry::At),
            expiry: None,
            renewal: None,
            withdrawal: None,
        },
    );
    if let Some(calendar) = calendar {
        builder.calendar_of_treaty.insert(id, calendar);
    }
    id
}

/// Resolves when treaties are in force, once all their articles are known, as these may decide it.
pub(super) fn lives(builder: &mut Builder, loaded: &Loaded) {
    for (id, file) in builder.file_of_treaty.clone().entries() {
        let name = builder.program.treaties.at(id).name.clone();
        let items = loaded.files.get(*file).into_iter().flat_map(|file| &file.tree.items);
        let header = items.filter_map(|item| match item {
            Item::Treaty(treaty) if treaty.name.text == name => Some(treaty),
            _ => None,
        });
        for field in header.flat_map(|header| &header.fields) {
            match &field.kind {
                HeaderKind::InForce(written) => in_force(builder, id, written),
                HeaderKind::Withdrawal(event, notice) => withdrawal(builder, id, event, notice.as_ref()),
                HeaderKind::Renewed(renewal) => renewed(builder, id, renewal, field.span),
                _ => {}
            }
        }
    }
}

fn once_each(builder: &mut Builder, fields: &[ast::HeaderField]) {
    let mut seen = BTreeSet::new();
    for field in fields {
        let word = field.kind.word();
        if !seen.insert(word) {
            builder.report(
                Finding::error(Code::HeaderRepeated, format!("`{word}` is said twice"))
                    .at(field.span, "again here")
                    .help("a treaty and an article have each field of their headers at most once"),
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

fn in_force(builder: &mut Builder, id: TreatyId, written: &ast::InForce) {
    let mut cx = Cx::of(builder, id, &[]);
    let entry = entry(&mut cx, written.from.as_ref());
    let expiry = expiry(&mut cx, written.until.as_ref());
    if let (Some(Entry::At(from)), Some(Expiry::At(until))) = (&entry, &expiry)
        && until <= from
        && let (Some(EntryIntoForce::From(beginning)), Some(ast::Expiry::Until(end))) = (&written.from, &written.until)
    {
        declare::ends_too_early(builder, end.span, beginning.span());
    }
    let treaty = builder.program.treaties.at_mut(id);
    if let Some(entry) = entry {
        treaty.entry = entry;
    }
    treaty.expiry = expiry;
}

fn entry(cx: &mut Cx<'_>, from: Option<&EntryIntoForce>) -> Option<Entry> {
    match from? {
        EntryIntoForce::From(time) => cx.instant(time).map(Entry::At),
        EntryIntoForce::On(event) => on_event(cx, event, None),
        EntryIntoForce::After(delay, event) => on_event(cx, event, Some(delay)),
        EntryIntoForce::OnAll(members, pattern) => accession(cx, pattern, Some(members), None, None),
        EntryIntoForce::AfterCount(delay, count, pattern) => accession(cx, pattern, None, Some(count), Some(delay)),
    }
}

fn on_event(cx: &mut Cx<'_>, event: &ast::Occurrence, delay: Option<&ast::DurationLiteral>) -> Option<Entry> {
    let delay = match delay {
        Some(delay) => Some(window::duration(cx, delay)?),
        None => None,
    };
    let resolved = cx.occurrence(event)?;
    if let Occurrence::At(Expr::Constant(Value::Instant(at))) = resolved {
        let reckoning = &cx.builder.program.treaties.at(cx.treaty?).reckoning;
        return Some(Entry::At(delay.map_or(at, |delay| delay.after(at, reckoning))));
    }
    Some(Entry::When(Accession { event: resolved, parties: 1, among: None, delay }))
}

fn expiry(cx: &mut Cx<'_>, until: Option<&ast::Expiry>) -> Option<Expiry> {
    match until? {
        ast::Expiry::For(length) => cx.some_time(length).map(Expiry::After),
        ast::Expiry::Until(event) => match cx.occurrence(event)? {
            Occurrence::At(Expr::Constant(Value::Instant(at))) => Some(Expiry::At(at)),
            resolved => Some(Expiry::On(resolved)),
        },
    }
}

fn renewed(builder: &mut Builder, id: TreatyId, renewal: &ast::Renewal, span: Span) {
    let mut cx = Cx::of(builder, id, &[]);
    let term = cx.some_time(&renewal.term);
    let notice = window::duration(&mut cx, &renewal.notice);
    let unless = cx.occurrence(&renewal.unless);
    if let (Some(term), Some(notice), Some(unless)) = (term, notice, unless) {
        builder.program.treaties.at_mut(id).renewal = Some(Renewal { term, unless, notice });
    }
    if builder.program.treaties.at(id).expiry.is_none() {
        builder.report(
            Finding::error(Code::NoExpiry, "the treaty does not say when it expires")
                .at(span, "what does not end is not renewed")
                .help("write `in force from … for 10 years` in its header"),
        );
    }
}

/// What brings a treaty into force, where something has to happen; the act of several parties needs an actor.
fn accession(
    cx: &mut Cx<'_>,
    pattern: &ast::Pattern,
    among: Option<&ast::Members>,
    count: Option<&ast::Spanned<u32>>,
    delay: Option<&ast::DurationLiteral>,
) -> Option<Entry> {
    let resolved = cx.pattern(pattern)?;
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
        has_actor(cx, &resolved, pattern.span)?;
    }
    Some(Entry::When(Accession { event: Occurrence::Pattern(resolved), parties, among, delay }))
}

/// The members of a declared group, which no event changes.
fn static_members(cx: &mut Cx<'_>, members: &ast::Members) -> Option<Vec<PartyId>> {
    let resolved = cx.members(members)?;
    let program = &cx.builder.program;
    let parties = |expr: &Expr| match expr {
        Expr::Constant(value) => value.parties(),
        Expr::Group(group) => program.groups.at(*group).members.iter().map(|member| member.party).collect(),
        _ => Vec::new(),
    };
    let without: Vec<_> = resolved.without.iter().flat_map(parties).collect();
    Some(parties(&resolved.base).into_iter().filter(|party| !without.contains(party)).collect())
}

/// Whether the events that a pattern means say who does them, as parties are counted by it.
pub(super) fn has_actor(cx: &mut Cx<'_>, pattern: &Pattern, written: Span) -> Option<()> {
    let kind = cx.builder.program.kinds.at(pattern.kind);
    if kind.by.is_some() {
        return Some(());
    }
    let finding = Finding::error(Code::FieldMissing, format!("`{}` does not say who does it", kind.name))
        .at(written, "parties are counted by it")
        .at(kind.span, "declared here without `by: party`")
        .help("declare it with a field `by: party`");
    cx.builder.report(finding);
    None
}

fn withdrawal(builder: &mut Builder, id: TreatyId, event: &ast::Occurrence, notice: Option<&ast::DurationLiteral>) {
    let mut cx = Cx::of(builder, id, &[]);
    let notice = notice.map(|notice| window::duration(&mut cx, notice));
    let Some(resolved) = cx.occurrence(event) else { return };
    if let Occurrence::Pattern(pattern) = &resolved
        && has_actor(&mut cx, pattern, event.span).is_none()
    {
        return;
    }
    if notice != Some(None) {
        let withdrawal = Withdrawal { event: resolved, notice: notice.flatten() };
        builder.program.treaties.at_mut(id).withdrawal = Some(withdrawal);
    }
}
