//! Parties, groups, places, units, calendars and event kinds.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::builder::Builder;
use super::load::{Loaded, LoadedFile};
use super::scope::{Declared, Named, Scope};
use super::{
    Columns, Field, Group, Kind, KindId, Member, Party, PartyId, Place, PlaceId, Schedule, Tally, Type, UnitId, Value,
    state,
};
use crate::arena::{Id, Map};
use crate::finding::{Code, Finding};
use crate::source::Span;
use crate::syntax::ast::{self, FieldType, Item, Name, TimeLiteral};
use crate::time::{Calendar, Weekdays};

/// The words that name the built-in types.
const TYPES: [(&str, Type); 8] = [
    ("party", Type::Party),
    ("place", Type::Place),
    ("text", Type::Text),
    ("number", Type::Number),
    ("boolean", Type::Boolean),
    ("instant", Type::Instant),
    ("date", Type::Date),
    ("duration", Type::Duration),
];

/// Declares what every file declares: the names first, so that they may stand in any order, then what they mean.
pub(super) fn declare(builder: &mut Builder, loaded: &Loaded) {
    let mut global = Global::default();
    for file in &loaded.files {
        let mut scope = Scope {
            unread: file.tree.unread.iter().cloned().collect(),
            incomplete: file.incomplete,
            ..Scope::default()
        };
        for item in &file.tree.items {
            names(builder, &mut global, &mut scope, item);
        }
        for (used, alias) in &file.uses {
            let theirs = builder.scope(*used).clone();
            scope.adopt(&theirs);
            if let Some(alias) = alias {
                scope.treaties.insert(alias.text.clone(), *used);
            }
        }
        for (_, under) in &file.under {
            let theirs = builder.scope(*under).clone();
            scope.adopt(&theirs);
        }
        builder.scopes.push(scope);
        let index = builder.scopes.len() - 1;
        groups(builder, index, file);
        units(builder, index, file);
        for item in &file.tree.items {
            match item {
                Item::Place(place) => place_parts(builder, index, place),
                Item::Event(event) => kind(builder, &mut global, index, event),
                _ => {}
            }
        }
    }
    close_places(builder);
}

/// Names that mean the same in every file of the run.
#[derive(Default)]
struct Global {
    parties: Map<String, PartyId>,
    places: Map<String, PlaceId>,
    units: Map<String, UnitId>,
    kinds: Map<String, KindId>,
    /// Where each spelling of logs is declared first.
    spellings: Map<String, Span>,
    /// Which kinds have been given their fields.
    complete: Vec<KindId>,
}

fn names(builder: &mut Builder, global: &mut Global, scope: &mut Scope, item: &Item) {
    match item {
        Item::Party(party) => {
            let id = *global.parties.entry(party.name.text.clone()).or_insert_with(|| {
                builder.program.parties.push(Party { name: party.name.text.clone(), title: party.title.clone() })
            });
            add(builder, &mut scope.named, &party.name, Named::Party(id));
            for spelling in std::iter::once(&party.name).chain(&party.also) {
                let known = *builder.program.party_spellings.entry(spelling.text.clone()).or_insert(id);
                spelled_once(builder, global, spelling, known == id);
            }
        }
        Item::Place(place) => {
            let id = *global.places.entry(place.name.text.clone()).or_insert_with(|| {
                builder.program.places.push(Place { name: place.name.text.clone(), of: None, within: Vec::new() })
            });
            add(builder, &mut scope.named, &place.name, Named::Place(id));
            for spelling in std::iter::once(&place.name).chain(&place.also) {
                let known = *builder.program.place_spellings.entry(spelling.text.clone()).or_insert(id);
                spelled_once(builder, global, spelling, known == id);
            }
        }
        Item::Unit(unit) => {
            let name = &unit.name;
            let id =
                *global.units.entry(name.text.clone()).or_insert_with(|| builder.program.units.push(name.text.clone()));
            add(builder, &mut scope.units, name, id);
        }
        Item::State(state) => {
            let id = builder.program.states.push(state::empty_state(&state.name.text));
            add(builder, &mut scope.named, &state.name, Named::State(id));
        }
        Item::Tally(tally) => {
            let id = builder.program.tallies.push(Tally {
                name: tally.name.text.clone(),
                parameters: Vec::new(),
                kind: Type::Number,
                starts: None,
                adds: Vec::new(),
                subtracts: Vec::new(),
            });
            add(builder, &mut scope.named, &tally.name, Named::Tally(id));
        }
        Item::Schedule(schedule) => {
            let name = schedule.name.text.clone();
            let id = builder.program.schedules.push(Schedule { name, kind: Type::Number, entries: Map::default() });
            add(builder, &mut scope.named, &schedule.name, Named::Schedule(id));
        }
        Item::Event(event) => {
            let id = *global.kinds.entry(event.name.text.clone()).or_insert_with(|| {
                builder.program.kinds.push(Kind {
                    name: event.name.text.clone(),
                    title: event.title.clone(),
                    log_name: event.name.text.clone(),
                    fields: Vec::new(),
                    columns: Columns::default(),
                    by: None,
                    established: None,
                    unread: Vec::new(),
                    span: event.name.span,
                })
            });
            add(builder, &mut scope.kinds, &event.name, id);
        }
        Item::Term(term) => {
            // Terms and events are named alike, and neither may hide the other.
            match scope.kinds.get(&term.name.text) {
                Some(first) => builder.declared_twice(&term.name.text, first.span, term.name.span),
                None => add(builder, &mut scope.terms, &term.name, Arc::new(term.clone())),
            }
        }
        Item::Calendar(calendar) => {
            let value = Arc::new(calendar_of(builder, calendar));
            add(builder, &mut scope.calendars, &calendar.name, value);
        }
        Item::Group(_) | Item::Treaty(_) | Item::Use(_) | Item::Article(_) | Item::Scenario(_) => {}
    }
}

/// Adds a name to one file's scope; a second declaration there is an error.
fn add<T>(builder: &mut Builder, map: &mut Map<String, Declared<T>>, name: &Name, value: T) {
    match map.get(&name.text) {
        Some(first) => builder.declared_twice(&name.text, first.span, name.span),
        None => {
            let span = name.span;
            map.insert(name.text.clone(), Declared { value, span });
        }
    }
}

fn spelled_once(builder: &mut Builder, global: &mut Global, spelling: &Name, once: bool) {
    let first = *global.spellings.entry(spelling.text.clone()).or_insert(spelling.span);
    if !once {
        builder.report(
            Finding::error(Code::DeclaredTwice, format!("the spelling `{}` already means another", spelling.text))
                .at(spelling.span, "ambiguous in a log")
                .at(first, "first here")
                .help("each spelling may mean one party or one place only"),
        );
    }
}

fn calendar_of(builder: &mut Builder, calendar: &ast::Calendar) -> Calendar {
    let mut weekend = Weekdays::default();
    for day in &calendar.weekend {
        weekend.insert(day.value);
    }
    if weekend.len() == 7 {
        builder.report(
            Finding::error(Code::NoCalendar, format!("the calendar `{}` has no working day", calendar.name.text))
                .at(calendar.name.span, "all seven days are weekend")
                .help("leave at least one day out of `weekend`"),
        );
        weekend = Weekdays::default();
    }
    Calendar { weekend, holidays: calendar.holidays.iter().copied().collect() }
}

/// What units are in terms of one another.
fn units(builder: &mut Builder, index: usize, file: &LoadedFile) {
    for item in &file.tree.items {
        let Item::Unit(ast::Unit { name, value: Some((count, of)) }) = item else { continue };
        let Some(id) = unit(builder, index, name) else { continue };
        let Some(of_id) = unit(builder, index, of) else { continue };
        if state::base_unit(builder, of_id).1 == id {
            builder.report(
                Finding::error(Code::UnitCycle, format!("`{}` would be so many of itself", name.text))
                    .at(of.span, format!("`{}` is already told in `{}`", of.text, name.text))
                    .help("declare one of them as a unit of its own"),
            );
            continue;
        }
        builder.conversions.insert(id, (*count, of_id));
    }
}

fn groups(builder: &mut Builder, index: usize, file: &LoadedFile) {
    for item in &file.tree.items {
        let Item::Group(group) = item else { continue };
        let mut members: Map<PartyId, Span> = Map::default();
        for member in &group.members {
            in_order(builder, member);
            let Some(party) = party(builder, index, &member.name) else { continue };
            match members.get(&party) {
                Some(first) => builder.declared_twice(&member.name.text, *first, member.name.span),
                None => _ = members.insert(party, member.name.span),
            }
        }
        let members: Vec<_> = members.into_keys().collect();
        let dated = group.members.iter().any(|member| member.from.is_some() || member.until.is_some());
        let fixed = !dated && group.joined.is_none() && group.left.is_none();
        let value = if fixed {
            Named::Group(Value::of_parties(&members))
        } else {
            let members = members.into_iter().map(|party| Member { party, from: None, until: None }).collect();
            let name = group.name.text.clone();
            Named::Changing(builder.program.groups.push(Group { name, members, joined: None, left: None }))
        };
        let mut named = std::mem::take(&mut builder.scope_mut(index).named);
        // A group may hide one that a used file declares, but nothing that its own file does.
        if named.get(&group.name.text).is_some_and(|first| first.span.source != file.source) {
            named.shift_remove(&group.name.text);
        }
        add(builder, &mut named, &group.name, value);
        builder.scope_mut(index).named = named;
    }
}

/// Membership ends after it begins.
fn in_order(builder: &mut Builder, member: &ast::Member) {
    let day = |time: &TimeLiteral| match time {
        TimeLiteral::Date(date, _) => Some(*date),
        TimeLiteral::Instant(_) => None,
    };
    if let (Some(from), Some(until)) = (&member.from, &member.until)
        && let (Some(first), Some(end)) = (day(from), day(until))
        && end <= first
    {
        ends_too_early(builder, until.span(), from.span());
    }
}

/// Reports what ends before it begins.
pub(super) fn ends_too_early(builder: &mut Builder, end: Span, beginning: Span) {
    builder.report(
        Finding::error(Code::EndsBeforeItBegins, "this ends before it begins")
            .at(end, "until then")
            .at(beginning, "from then on")
            .help("write the earlier date first"),
    );
}

/// The unit of that name.
pub(super) fn unit(builder: &mut Builder, file: usize, name: &Name) -> Option<UnitId> {
    let scope = builder.scope(file);
    let found = scope.units.get(&name.text).map(|declared| declared.value);
    if found.is_none() {
        let known: Vec<_> = scope.units.keys().cloned().collect();
        builder.unknown(file, Code::UnknownUnit, "unit", name, &known);
    }
    found
}

/// The place of that name.
pub(super) fn place(builder: &mut Builder, file: usize, name: &Name) -> Option<PlaceId> {
    let scope = builder.scope(file);
    if let Some(Named::Place(place)) = scope.named.get(&name.text).map(|declared| &declared.value) {
        return Some(*place);
    }
    let known = scope.names(|named| matches!(named, Named::Place(_)));
    builder.unknown(file, Code::UnknownPlace, "place", name, &known);
    None
}

/// The party of that name.
pub(super) fn party(builder: &mut Builder, file: usize, name: &Name) -> Option<PartyId> {
    let scope = builder.scope(file);
    match scope.named.get(&name.text).map(|declared| (&declared.value, declared.span)) {
        Some((Named::Party(party), _)) => Some(*party),
        Some((_, span)) => {
            builder.report(
                Finding::error(Code::TypeMismatch, format!("`{}` is not a party", name.text))
                    .at(name.span, "a party is wanted here")
                    .at(span, "declared here")
                    .help("write the name of a party"),
            );
            None
        }
        None => {
            let known = scope.names(|named| matches!(named, Named::Party(_)));
            builder.unknown(file, Code::UnknownParty, "party", name, &known);
            None
        }
    }
}

fn place_parts(builder: &mut Builder, file: usize, place: &ast::Place) {
    let Some(Declared { value: Named::Place(id), .. }) = builder.scope(file).named.get(&place.name.text).cloned()
    else {
        return;
    };
    if let Some(of) = &place.of
        && let Some(party) = party(builder, file, of)
        && let Some(place) = builder.program.places.get(id).cloned()
    {
        *builder.program.places.at_mut(id) = Place { of: Some(party), ..place };
    }
    for outer in &place.within {
        let Some(outer_id) = self::place(builder, file, outer) else { continue };
        builder.program.places.at_mut(id).within.push(outer_id);
        if contains(builder, outer_id, id) {
            builder.program.places.at_mut(id).within.pop();
            builder.report(
                Finding::error(Code::PlaceCycle, format!("`{}` would lie within itself", place.name.text))
                    .at(outer.span, format!("`{}` already lies within `{}`", outer.text, place.name.text))
                    .help("say `within` only of the smaller place"),
            );
        }
    }
}

/// Whether `inner` contains `outer`, by the direct containments told so far.
fn contains(builder: &Builder, inner: PlaceId, outer: PlaceId) -> bool {
    let mut open = vec![inner];
    let mut seen = Vec::new();
    while let Some(place) = open.pop() {
        if place == outer {
            return true;
        }
        if !seen.contains(&place) {
            seen.push(place);
            open.extend(builder.program.places.at(place).within.iter().copied());
        }
    }
    false
}

/// Gives every place itself and all that contain it, and its party where only a containing place names one.
fn close_places(builder: &mut Builder) {
    let places = &mut builder.program.places;
    let direct: Vec<Vec<PlaceId>> = places.iter().map(|place| place.within.clone()).collect();
    for id in places.ids() {
        let mut all = vec![id];
        let mut next = 0;
        while let Some(place) = all.get(next).copied() {
            for outer in direct.get(place.index()).into_iter().flatten() {
                if !all.contains(outer) {
                    all.push(*outer);
                }
            }
            next += 1;
        }
        places.at_mut(id).within = all;
    }
}

fn kind(builder: &mut Builder, global: &mut Global, file: usize, event: &ast::Event) {
    let Some(id) = global.kinds.get(&event.name.text).copied() else {
        return;
    };
    let first = builder.program.kinds.at(id).clone();
    let mut kind = Kind {
        log_name: event.from.as_ref().unwrap_or(&event.name).text.clone(),
        fields: Vec::new(),
        columns: columns(builder, event),
        span: event.name.span,
        ..first.clone()
    };
    for field in &event.fields {
        if let Some(known) = kind.fields.iter().position(|known| known.name == field.name.text) {
            let first = event.fields.get(known).map_or(field.name.span, |field| field.name.span);
            builder.declared_twice(&field.name.text, first, field.name.span);
        } else {
            match field_of(builder, file, field) {
                Some(field) => kind.fields.push(field),
                None => kind.unread.push(field.name.text.clone()),
            }
        }
    }
    if event.established.is_some() {
        builder.established.insert(id);
    }
    kind.by = kind.fields.iter().position(|field| field.name == "by" && is_actor(&field.kind));
    if global.complete.contains(&id) {
        if (&first.fields, &first.log_name, &first.columns) != (&kind.fields, &kind.log_name, &kind.columns) {
            builder.report(
                Finding::error(Code::ConflictingDeclarations, format!("two files declare `{}` differently", kind.name))
                    .at(kind.span, "this way here")
                    .at(first.span, "another way here")
                    .help("declare it once, in a file that both `use`"),
            );
        }
        return;
    }
    global.complete.push(id);
    let reader = *builder.program.kinds_in_logs.entry(kind.log_name.clone()).or_insert(id);
    if reader != id {
        let first = builder.program.kinds.at(reader).span;
        builder.declared_twice(&kind.log_name, first, kind.span);
    }
    *builder.program.kinds.at_mut(id) = kind;
}

fn is_actor(kind: &Type) -> bool {
    matches!(kind, Type::Party) || matches!(kind, Type::List(inner) if **inner == Type::Party)
}

fn columns(builder: &mut Builder, event: &ast::Event) -> Columns {
    let mut columns = Columns::default();
    for column in &event.columns {
        match column.name.text.as_str() {
            "at" => columns.at.clone_from(&column.from.text),
            "reported" => columns.reported.clone_from(&column.from.text),
            "id" => columns.id.clone_from(&column.from.text),
            other => builder.report(
                Finding::error(Code::UnknownField, format!("`{other}` needs a type"))
                    .at(column.name.span, "only `at`, `reported` and `id` are known without one")
                    .help(format!("write `{other}: text from \"…\"`, with the type that it has")),
            ),
        }
    }
    columns
}

fn field_of(builder: &mut Builder, file: usize, field: &ast::Field) -> Option<Field> {
    let kind = match &field.kind {
        FieldType::Named(name) => type_named(builder, file, name)?,
        FieldType::List(name) => Type::List(Box::new(type_named(builder, file, name)?)),
        FieldType::Enumeration(words) => {
            let symbols = &mut builder.program.symbols;
            Type::Enumeration(words.iter().map(|word| symbols.intern(&word.text)).collect())
        }
    };
    if let Some(scale) = &field.scale
        && !matches!(kind, Type::Number | Type::Quantity(_))
    {
        let shown = kind.show(&builder.program);
        mismatch(builder, "a number or an amount", &shown, scale.span);
    }
    Some(Field {
        name: field.name.text.clone(),
        column: field.from.as_ref().unwrap_or(&field.name).text.clone(),
        kind,
        optional: field.optional,
        scale: scale(builder, file, field),
    })
}

/// What the numbers of a field are multiplied by: its scale, and how many of the base unit its own unit is.
fn scale(builder: &mut Builder, file: usize, field: &ast::Field) -> Option<Decimal> {
    let written = field.scale.as_ref().map(|scale| scale.value);
    let unit = match &field.kind {
        FieldType::Named(name) | FieldType::List(name) => builder.scope(file).units.get(&name.text),
        FieldType::Enumeration(_) => None,
    };
    let factor = unit.map_or(Decimal::ONE, |unit| state::base_unit(builder, unit.value).0);
    if factor == Decimal::ONE { written } else { written.unwrap_or(Decimal::ONE).checked_mul(factor) }
}

pub(super) fn type_named(builder: &mut Builder, file: usize, name: &Name) -> Option<Type> {
    if let Some((_, kind)) = TYPES.iter().find(|(word, _)| *word == name.text) {
        return Some(kind.clone());
    }
    let scope = builder.scope(file);
    if let Some(unit) = scope.units.get(&name.text) {
        let unit = unit.value;
        return Some(Type::Quantity(state::base_unit(builder, unit).1));
    }
    if let Some(kind) = scope.kinds.get(&name.text) {
        return Some(Type::Event(kind.value));
    }
    let known = TYPES.iter().map(|(word, _)| (*word).to_owned());
    let known: Vec<_> = known.chain(scope.units.keys().cloned()).chain(scope.kinds.keys().cloned()).collect();
    builder.unknown(file, Code::UnknownName, "type, unit or event", name, &known);
    None
}

/// Reports that one kind of value is wanted and another stands there.
pub(super) fn mismatch(builder: &mut Builder, wanted: &str, found: &str, span: Span) {
    builder.report(
        Finding::error(Code::TypeMismatch, format!("expected {wanted}, found {found}"))
            .at(span, format!("this is {found}"))
            .help(format!("write {wanted} here")),
    );
}
