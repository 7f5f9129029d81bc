//! States, tallies, schedules and units, and what is asked of them.

use rust_decimal::Decimal;

use super::builder::Builder;
use super::declare::{self, mismatch};
use super::expr::{Bound, Cx};
use super::load::Loaded;
use super::scope::Named;
use super::{
    Binding, Expr, KindId, Occurrence, Pattern, Schedule, State, StateId, Tally, Type, UnitId, Value, Withdrawal,
};
use crate::arena::{Map, Set};
use crate::finding::{Code, Finding};
use crate::source::Span;
use crate::syntax::ast::{self, Item, Name, StatePart};

/// Notes what every state and tally is asked by, before anything asks them.
pub(super) fn parameters_of_all(builder: &mut Builder, loaded: &Loaded) {
    for (file, item) in loaded.items() {
        asked_by(builder, file, item);
    }
}

/// Resolves what the files declare of states, tallies and schedules, what establishes events, and who joins groups.
pub(super) fn resolve(builder: &mut Builder, loaded: &Loaded) {
    for (file, item) in loaded.items() {
        match item {
            Item::State(state) => self::state(builder, file, state),
            Item::Tally(tally) => self::tally(builder, file, tally),
            Item::Schedule(schedule) => self::schedule(builder, file, schedule),
            Item::Event(event) => established(builder, file, event),
            Item::Group(group) => membership(builder, file, group),
            _ => {}
        }
    }
    cycles(builder, loaded);
}

fn treaty_of(builder: &Builder, file: usize) -> Option<super::TreatyId> {
    builder.treaty_of_file.get(file).copied().flatten()
}

/// Notes what states and tallies are asked by, and what tallies are of.
fn asked_by(builder: &mut Builder, file: usize, item: &Item) {
    match item {
        Item::State(state) => {
            let parameters = parameter_types(builder, file, &state.parameters);
            if let Some(Named::State(id)) = named(builder, file, &state.name) {
                builder.program.states.at_mut(id).parameters = parameters;
            }
        }
        Item::Tally(tally) => {
            let parameters = parameter_types(builder, file, &tally.parameters);
            if let Some(Named::Tally(id)) = named(builder, file, &tally.name) {
                builder.program.tallies.at_mut(id).parameters = parameters;
                if let Some((_, kind)) = amount_type(builder, file, tally.unit.as_ref()) {
                    builder.program.tallies.at_mut(id).kind = kind;
                }
            }
        }
        _ => {}
    }
}

/// The parameters and what they are; nothing fits one whose type is not known, which is reported.
fn parameter_types(builder: &mut Builder, file: usize, parameters: &[ast::Parameter]) -> Vec<Binding> {
    let resolved = parameters.iter().map(|one| Binding {
        name: one.name.text.clone(),
        kind: declare::type_named(builder, file, &one.kind).unwrap_or(Type::Tick),
    });
    resolved.collect()
}

/// The parameters, as names that the declaration binds.
fn parameters(builder: &mut Builder, file: usize, parameters: &[ast::Parameter]) -> Vec<Bound> {
    let bound = parameters.iter().map(|one| Bound {
        name: one.name.text.clone(),
        kind: declare::type_named(builder, file, &one.kind),
        by_the_act: false,
        span: Some(one.name.span),
    });
    let bound: Vec<_> = bound.collect();
    super::bindings::bound_once(builder, &bound);
    bound
}

fn named(builder: &Builder, file: usize, name: &Name) -> Option<Named> {
    let declared = builder.scope(file).named.get(&name.text)?;
    (declared.span == name.span).then(|| declared.value.clone())
}

fn state(builder: &mut Builder, file: usize, state: &ast::State) {
    let Some(Named::State(id)) = named(builder, file, &state.name) else { return };
    let bound = parameters(builder, file, &state.parameters);
    let treaty = treaty_of(builder, file);
    let mut resolved = State { treaty, ..builder.program.states.at(id).clone() };
    let mut cx = Cx::in_file(builder, file, treaty, &bound);
    for part in &state.parts {
        match part {
            StatePart::Begins(begins) => resolved.begins.extend(cx.occurrence(begins)),
            StatePart::Ends(ends) => resolved.ends.extend(cx.occurrence(ends)),
            StatePart::HoldsAtEntry(_) => resolved.holds_at_entry = true,
        }
    }
    let begins = state.parts.iter().any(|part| !matches!(part, StatePart::Ends(_)));
    if !begins {
        builder.report(
            Finding::error(Code::StateWithoutBeginning, format!("the state `{}` never begins", state.name.text))
                .at(state.name.span, "nothing begins it")
                .help("write `begins on …`, or `holds at entry into force`"),
        );
    }
    *builder.program.states.at_mut(id) = resolved;
}

/// A state of which nothing is known yet.
pub(super) fn empty_state(name: &str) -> State {
    State {
        name: name.to_owned(),
        parameters: Vec::new(),
        begins: Vec::new(),
        ends: Vec::new(),
        holds_at_entry: false,
        treaty: None,
    }
}

fn tally(builder: &mut Builder, file: usize, tally: &ast::Tally) {
    let Some(Named::Tally(id)) = named(builder, file, &tally.name) else { return };
    let bound = parameters(builder, file, &tally.parameters);
    let treaty = treaty_of(builder, file);
    let kind = amount_type(builder, file, tally.unit.as_ref()).map(|(_, kind)| kind);
    let mut cx = Cx::in_file(builder, file, treaty, &bound);
    let starts: Vec<_> = match &kind {
        Some(kind) => tally.starts.iter().map(|starts| cx.value_of_unit(starts, kind)).collect(),
        None => Vec::new(),
    };
    let mut sides = [&tally.adds, &tally.subtracts].map(|side| {
        let measured = side.iter().filter_map(|one| {
            let (pattern, field, found) = cx.measured(one)?;
            fits_unit(&mut cx, kind.as_ref(), &found, one.field.span)?;
            Some((pattern, field))
        });
        measured.collect::<Vec<(Pattern, usize)>>()
    });
    if let [_, second, ..] = tally.starts.as_slice() {
        builder.report(
            Finding::error(Code::HeaderRepeated, "`starts at` is said twice")
                .at(second.span, "again here")
                .help("a tally starts once"),
        );
    }
    let resolved = Tally {
        name: tally.name.text.clone(),
        parameters: builder.program.tallies.at(id).parameters.clone(),
        kind: kind.unwrap_or(Type::Number),
        starts: starts.into_iter().flatten().next(),
        adds: std::mem::take(&mut sides[0]),
        subtracts: std::mem::take(&mut sides[1]),
    };
    *builder.program.tallies.at_mut(id) = resolved;
}

/// What is kept in a unit, or in plain numbers, and how many of what it is told in the unit is; none where the unit is
/// not declared, which is reported.
fn amount_type(builder: &mut Builder, file: usize, unit: Option<&Name>) -> Option<(Decimal, Type)> {
    let Some(unit) = unit else { return Some((Decimal::ONE, Type::Number)) };
    let id = declare::unit(builder, file, unit)?;
    let (factor, base) = base_unit(builder, id);
    Some((factor, Type::Quantity(base)))
}

fn fits_unit(cx: &mut Cx<'_>, want: Option<&Type>, found: &Type, span: Span) -> Option<()> {
    let want = want?;
    if found == want {
        return Some(());
    }
    let wanted = want.show(&cx.builder.program);
    let shown = found.show(&cx.builder.program);
    let code = if matches!(found, Type::Quantity(_) | Type::Number) { Code::WrongUnit } else { Code::TypeMismatch };
    cx.builder.report(
        Finding::error(code, format!("expected {wanted}, found {shown}"))
            .at(span, format!("this is {shown}"))
            .help(format!("name a field that holds {wanted}")),
    );
    None
}

fn schedule(builder: &mut Builder, file: usize, schedule: &ast::Schedule) {
    let Some(Named::Schedule(id)) = named(builder, file, &schedule.name) else { return };
    let (factor, kind) = amount_type(builder, file, schedule.unit.as_ref()).unwrap_or((Decimal::ONE, Type::Number));
    let mut entries = Map::default();
    let mut first: Map<String, Span> = Map::default();
    for (key, amount) in &schedule.entries {
        if let Some(first) = first.insert(key.text.clone(), key.span) {
            builder.declared_twice(&key.text, first, key.span);
        }
        let value = match schedule.by.text.as_str() {
            "party" => declare::party(builder, file, key).map(Value::Party),
            "place" => declare::place(builder, file, key).map(Value::Place),
            _ => Some(Value::Word(builder.program.symbols.intern(&key.text))),
        };
        entries.extend(value.zip(amount.checked_mul(factor)));
    }
    *builder.program.schedules.at_mut(id) = Schedule { name: schedule.name.text.clone(), kind, entries };
}

fn established(builder: &mut Builder, file: usize, event: &ast::Event) {
    let Some(by) = &event.established else { return };
    let Some(id) = builder.scope(file).kinds.get(&event.name.text).map(|declared| declared.value) else { return };
    let treaty = treaty_of(builder, file);
    let it = Bound { name: "it".to_owned(), kind: Some(Type::Event(id)), by_the_act: false, span: None };
    let resolved = Cx::in_file(builder, file, treaty, &[it]).occurrence(by);
    builder.program.kinds.at_mut(id).established = resolved;
}

/// Who joins a group, and who leaves it, by what they do.
fn membership(builder: &mut Builder, file: usize, group: &ast::Group) {
    let treaty = treaty_of(builder, file);
    let Some(Named::Changing(id)) = named(builder, file, &group.name) else { return };
    let mut cx = Cx::in_file(builder, file, treaty, &[]);
    let mut resolved = cx.builder.program.groups.at(id).clone();
    let by = |cx: &mut Cx<'_>, event: &ast::Occurrence| {
        let resolved = cx.occurrence(event);
        if let Some(Occurrence::Pattern(pattern)) = &resolved {
            super::treaty::has_actor(cx, pattern, event.span);
        }
        resolved
    };
    resolved.joined = group.joined.as_ref().and_then(|event| by(&mut cx, event));
    resolved.left = group.left.as_ref().and_then(|(event, notice)| {
        let event = by(&mut cx, event);
        let notice = notice.as_ref().and_then(|notice| super::window::duration(&mut cx, notice));
        event.map(|event| Withdrawal { event, notice })
    });
    for written in &group.members {
        let from = written.from.as_ref().and_then(|from| cx.instant(from));
        let until = written.until.as_ref().and_then(|until| cx.instant(until));
        let party = cx.scope().named.get(&written.name.text).map(|declared| declared.value.clone());
        let Some(Named::Party(party)) = party else { continue };
        if let Some(member) = resolved.members.iter_mut().find(|member| member.party == party) {
            (member.from, member.until) = (from, until);
        }
    }
    *builder.program.groups.at_mut(id) = resolved;
}

/// How many of which unit a unit is, in the end; of itself, where it is not declared as so many of another.
pub(super) fn base_unit(builder: &Builder, unit: UnitId) -> (Decimal, UnitId) {
    let mut factor = Decimal::ONE;
    let mut base = unit;
    let mut steps = 0;
    while let Some((count, of)) = builder.conversions.get(&base)
        && steps <= builder.conversions.len()
    {
        factor = factor.checked_mul(*count).unwrap_or(Decimal::MAX);
        base = *of;
        steps += 1;
    }
    (factor, base)
}

/// Reports states that only themselves begin, and events that only themselves establish.
fn cycles(builder: &mut Builder, loaded: &Loaded) {
    // What hangs on one that is reported is not reported again.
    let mut states: Vec<StateId> = Vec::new();
    let mut kinds: Set<KindId> = Set::default();
    for (file, item) in loaded.items() {
        match item {
            Item::State(state) => {
                if let Some(Named::State(id)) = named(builder, file, &state.name)
                    && !builder.program.states.at(id).begins.is_empty()
                    && !can_begin(builder, id, &states, &mut Vec::new())
                {
                    states.push(id);
                    builder.report(
                        Finding::error(Code::StateCycle, format!("the state `{}` can never begin", state.name.text))
                            .at(state.name.span, "it would have to have begun already")
                            .help("let it begin on an event, or `holds at entry into force`"),
                    );
                }
            }
            Item::Event(event) => {
                let id = builder.scope(file).kinds.get(&event.name.text).map(|declared| declared.value);
                if let Some(id) = id
                    && event.established.is_some()
                    && establishes_itself(builder, id, &kinds)
                {
                    kinds.insert(id);
                    builder.report(
                        Finding::error(Code::EstablishmentCycle, format!("`{}` establishes itself", event.name.text))
                            .at(event.name.span, "it never counts, as it would have to count first")
                            .help("let another event establish it"),
                    );
                }
            }
            _ => {}
        }
    }
}

/// Whether something other than states that wait for this one begins it.
fn can_begin(builder: &Builder, id: StateId, reported: &[StateId], waiting: &mut Vec<StateId>) -> bool {
    let state = builder.program.states.at(id);
    if state.holds_at_entry {
        return true;
    }
    waiting.push(id);
    let begins = state.begins.iter().any(|occurrence| can_happen(builder, occurrence, reported, waiting));
    waiting.pop();
    begins
}

fn can_happen(builder: &Builder, occurrence: &Occurrence, reported: &[StateId], waiting: &mut Vec<StateId>) -> bool {
    match occurrence {
        Occurrence::Turn { state, .. } if reported.contains(state) => true,
        Occurrence::Turn { state, .. } => !waiting.contains(state) && can_begin(builder, *state, reported, waiting),
        Occurrence::After(_, anchor, _) => can_happen(builder, anchor, reported, waiting),
        Occurrence::Any(all, _) => all.iter().any(|one| can_happen(builder, one, reported, waiting)),
        _ => true,
    }
}

/// Whether the chain of what establishes an event comes back to it.
fn establishes_itself(builder: &Builder, id: KindId, reported: &Set<KindId>) -> bool {
    let mut seen = Set::default();
    let mut open = vec![id];
    while let Some(kind) = open.pop() {
        if let Some(Occurrence::Pattern(pattern)) = &builder.program.kinds.at(kind).established {
            if pattern.kind == id {
                return true;
            }
            if reported.contains(&pattern.kind) {
                return false;
            }
            if seen.insert(pattern.kind) {
                open.push(pattern.kind);
            }
        }
    }
    false
}

impl Cx<'_> {
    /// A value of a type; a plain number is an amount of the unit that is meant.
    fn value_of_unit(&mut self, expr: &ast::Expr, want: &Type) -> Option<Expr> {
        let plain = matches!(expr.kind, ast::ExprKind::Number(_));
        self.value_of(expr, if plain { &Type::Number } else { want })
    }

    /// A state, a tally or a schedule, asked of something.
    pub(super) fn call(&mut self, name: &Name, arguments: &[ast::Expr], span: Span) -> Option<(Expr, Type)> {
        let found = self.scope().named.get(&name.text).map(|declared| declared.value.clone());
        match found {
            Some(Named::State(state)) => {
                let arguments = self.arguments(name, state, arguments)?;
                Some((Expr::State(state, arguments), Type::Boolean))
            }
            Some(Named::Tally(tally)) => {
                let Tally { kind, parameters, .. } = self.builder.program.tallies.at(tally).clone();
                let arguments = self.given(name, &parameters, arguments)?;
                Some((Expr::Tally(tally, arguments), kind))
            }
            Some(Named::Schedule(schedule)) => {
                let [argument] = arguments else {
                    self.wrong_count(name, 1, arguments.len(), span);
                    return None;
                };
                let (value, kind) = self.value(argument, None)?;
                self.has_entries(schedule, &kind, argument.span)?;
                let of = self.builder.program.schedules.at(schedule).kind.clone();
                Some((Expr::Schedule(schedule, Box::new(value)), of))
            }
            Some(_) => {
                self.builder.report(
                    Finding::error(Code::TypeMismatch, format!("`{}` takes nothing in parentheses", name.text))
                        .at(span, "only states, tallies and schedules do")
                        .help("leave the parentheses out"),
                );
                None
            }
            None => {
                let known =
                    self.scope().names(|named| matches!(named, Named::State(_) | Named::Tally(_) | Named::Schedule(_)));
                let file = self.file;
                self.builder.unknown(file, Code::UnknownName, "state, tally or schedule", name, &known);
                None
            }
        }
    }

    /// What a state is asked of.
    pub(super) fn arguments(&mut self, name: &Name, state: StateId, arguments: &[ast::Expr]) -> Option<Vec<Expr>> {
        let parameters = self.builder.program.states.at(state).parameters.clone();
        self.given(name, &parameters, arguments)
    }

    fn given(&mut self, name: &Name, wanted: &[Binding], arguments: &[ast::Expr]) -> Option<Vec<Expr>> {
        if wanted.len() != arguments.len() {
            self.wrong_count(name, wanted.len(), arguments.len(), name.span);
            return None;
        }
        let resolved: Vec<_> = arguments.iter().zip(wanted).map(|(one, want)| self.value_of(one, &want.kind)).collect();
        resolved.into_iter().collect()
    }

    fn wrong_count(&mut self, name: &Name, wanted: usize, found: usize, span: Span) {
        let things = |n: usize| if n == 1 { "1 thing".to_owned() } else { format!("{n} things") };
        self.builder.report(
            Finding::error(
                Code::ArgumentCount,
                format!("`{}` is asked of {}, found {found}", name.text, things(wanted)),
            )
            .at(span, format!("{} wanted", things(wanted)))
            .help("give one value for each parameter, in the order declared"),
        );
    }

    /// Whether a schedule may be asked by such a value, and has an entry for each word that it may be.
    fn has_entries(&mut self, schedule: super::ScheduleId, kind: &Type, span: Span) -> Option<()> {
        let program = &self.builder.program;
        let schedule = program.schedules.at(schedule);
        let keys = schedule.entries.keys().next();
        let finding = match (kind, keys) {
            (Type::Enumeration(words), Some(Value::Word(_)) | None) => {
                let missing = words.iter().find(|word| !schedule.entries.contains_key(&Value::Word(**word)));
                let Some(missing) = missing else { return Some(()) };
                let text = format!("`{}` has no entry for `{}`", schedule.name, program.symbols.text(*missing));
                Finding::error(Code::ScheduleWithoutEntry, text)
                    .at(span, "this may be such a word")
                    .help("add the entry to the schedule")
            }
            (Type::Text, Some(Value::Word(_)) | None) => return Some(()),
            (Type::Party, Some(Value::Party(_))) | (Type::Place, Some(Value::Place(_))) => return Some(()),
            (found, _) => {
                let shown = found.show(program);
                mismatch(self.builder, "what the schedule has entries for", &shown, span);
                return None;
            }
        };
        self.builder.report(finding);
        None
    }
}
