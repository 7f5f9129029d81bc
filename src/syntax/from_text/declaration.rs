//! The header and the declarations.

use pest::iterators::Pair;

use super::super::ast::{
    Calendar, Column, EntryIntoForce, Event, Expiry, Field, FieldType, Group, HeaderField, HeaderKind, InForce, Member,
    Name, Parameter, Party, Pattern, Place, Renewal, Schedule, Spanned, State, StatePart, Tally, Term, TimeLiteral,
    Treaty, Unit, Use,
};
use super::super::grammar::Rule;
use super::article::{counted_as, last_condition};
use super::condition::{measured, value};
use super::occurrence::{members_in, occurrence, occurrence_in, pattern_in};
use super::{Context, child, children, literal, names, words};
use crate::time::Weekday;

pub(super) fn treaty(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Treaty> {
    let name = names(cx, pair.clone()).next()?;
    let title = title(&pair);
    let fields = pair.into_inner().filter_map(|child| header_field(cx, child)).collect();
    Some(Treaty { name, title, fields })
}

/// A field of a treaty's or an article's header; none where the pair is something else.
pub(super) fn header_field(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<HeaderField> {
    let span = cx.span_of(&pair);
    let value = pair.clone().into_inner().last();
    let kind = match pair.as_rule() {
        Rule::in_force => HeaderKind::InForce(in_force(cx, &pair)),
        Rule::renewed => HeaderKind::Renewed(renewal(cx, &pair)?),
        Rule::withdrawal => HeaderKind::Withdrawal(occurrence_in(cx, &pair)?, notice(cx, &pair)),
        Rule::counting => HeaderKind::Counting(counted_as(cx, &pair)?),
        Rule::status => HeaderKind::Status(value?.as_str().to_owned()),
        Rule::signed => HeaderKind::Signed(literal::date(cx, &value?)),
        Rule::time_zone => HeaderKind::TimeZone(cx.name(&value?)),
        Rule::calendar_name => HeaderKind::Calendar(cx.name(&value?)),
        Rule::binding => HeaderKind::Binding(value?.as_str().to_owned()),
        Rule::source => HeaderKind::Source(literal::string(&value?)),
        Rule::text => HeaderKind::Text(literal::string(&value?)),
        Rule::reading => HeaderKind::Reading(cx.name(&value?)),
        _ => return None,
    };
    Some(HeaderField { kind, span })
}

fn in_force(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> InForce {
    let from = pair.clone().into_inner().find_map(|child| entry(cx, &child));
    InForce { from, until: expiry(cx, pair) }
}

fn entry(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<EntryIntoForce> {
    Some(match pair.as_rule() {
        Rule::from_time => EntryIntoForce::From(literal::time(cx, &pair.clone().into_inner().last()?)),
        Rule::on_event => EntryIntoForce::On(occurrence_in(cx, pair)?),
        Rule::on_all => EntryIntoForce::OnAll(members_in(cx, pair)?, pattern_in(cx, pair)?),
        Rule::after_event => {
            let delay = literal::duration_in(cx, pair)?;
            match child(pair, Rule::whole) {
                Some(count) => {
                    let count = literal::whole(cx, &count);
                    EntryIntoForce::AfterCount(delay, count, pattern_in(cx, pair)?)
                }
                None => EntryIntoForce::After(delay, occurrence_in(cx, pair)?),
            }
        }
        _ => return None,
    })
}

/// `for D` or `until EVENT` among the children of a pair.
pub(super) fn expiry(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Expiry> {
    if let Some(term) = child(pair, Rule::for_term) {
        return literal::duration_in(cx, &term).map(Expiry::For);
    }
    child(pair, Rule::until_event).and_then(|until| occurrence_in(cx, &until)).map(Expiry::Until)
}

fn renewal(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Renewal> {
    let durations: Vec<_> = children(pair, Rule::duration).filter_map(|one| literal::duration(cx, one)).collect();
    let mut durations = durations.into_iter();
    let (term, notice) = (durations.next()?, durations.next()?);
    Some(Renewal { term, unless: occurrence_in(cx, pair)?, notice })
}

/// `after D`, of a withdrawal.
fn notice(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<super::super::ast::DurationLiteral> {
    child(pair, Rule::after_notice).and_then(|notice| literal::duration_in(cx, &notice))
}

pub(super) fn use_file(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Use> {
    let path = spellings(cx, pair.clone()).next()?;
    let alias = names(cx, pair).next();
    Some(Use { path, alias })
}

/// The strings among the children, with their places.
pub(super) fn spellings<'i>(cx: &Context<'_>, pair: Pair<'i, Rule>) -> impl Iterator<Item = Name> + use<'i> {
    let strings = words(cx, pair.clone(), Rule::string);
    let texts = pair.into_inner().filter(|child| child.as_rule() == Rule::string);
    strings.zip(texts).map(|(name, text)| Name { text: literal::string(&text), ..name })
}

pub(super) fn party(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Party> {
    Some(Party { name: names(cx, pair.clone()).next()?, title: title(&pair), also: also(cx, &pair) })
}

fn title(pair: &Pair<'_, Rule>) -> Option<String> {
    pair.clone().into_inner().find(|child| child.as_rule() == Rule::string).map(|child| literal::string(&child))
}

fn also(cx: &Context<'_>, pair: &Pair<'_, Rule>) -> Vec<Name> {
    child(pair, Rule::also).map(|also| spellings(cx, also).collect()).unwrap_or_default()
}

pub(super) fn group(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Group> {
    let left = child(&pair, Rule::left_by);
    Some(Group {
        name: names(cx, pair.clone()).next()?,
        title: title(&pair),
        members: children(&pair, Rule::member).filter_map(|one| member(cx, &one)).collect(),
        joined: child(&pair, Rule::joined_by).and_then(|joined| occurrence_in(cx, &joined)),
        left: left.and_then(|left| Some((occurrence_in(cx, &left)?, notice(cx, &left)))),
    })
}

fn member(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Member> {
    let time = |cx: &mut Context<'_>, rule| {
        let written = child(pair, rule).and_then(|part| part.into_inner().last());
        written.map(|written| literal::time(cx, &written))
    };
    let (from, until): (Option<TimeLiteral>, _) = (time(cx, Rule::member_from), time(cx, Rule::member_until));
    Some(Member { name: names(cx, pair.clone()).next()?, from, until })
}

pub(super) fn unit(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Unit> {
    let value = child(&pair, Rule::unit_value).and_then(|value| {
        let count = child(&value, Rule::number_scaled)?;
        Some((literal::number(cx, count), names(cx, value).next()?))
    });
    Some(Unit { name: names(cx, pair).next()?, value })
}

pub(super) fn schedule(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Schedule> {
    let entries: Vec<_> = children(pair, Rule::entry).collect();
    Some(Schedule {
        name: names(cx, pair.clone()).next()?,
        title: title(pair),
        by: words(cx, pair.clone(), Rule::field).next()?,
        unit: in_unit(cx, pair),
        entries: entries.iter().filter_map(|one| entry_of(cx, one)).collect(),
    })
}

fn entry_of(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<(Name, rust_decimal::Decimal)> {
    let word = words(cx, pair.clone(), Rule::field).next();
    let key = word.or_else(|| spellings(cx, pair.clone()).next())?;
    Some((key, literal::number(cx, child(pair, Rule::number_scaled)?)))
}

fn in_unit(cx: &Context<'_>, pair: &Pair<'_, Rule>) -> Option<Name> {
    child(pair, Rule::in_unit).and_then(|unit| names(cx, unit).next())
}

pub(super) fn state(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<State> {
    let mut parts = Vec::new();
    for child in pair.clone().into_inner() {
        let event = |cx: &mut Context<'_>| {
            let written = child.clone().into_inner().last()?;
            occurrence(cx, &written)
        };
        match child.as_rule() {
            Rule::begins_on => parts.extend(event(cx).map(StatePart::Begins)),
            Rule::ends_on => parts.extend(event(cx).map(StatePart::Ends)),
            Rule::holds_at_entry => parts.push(StatePart::HoldsAtEntry(cx.span_of(&child))),
            _ => {}
        }
    }
    Some(State { name: names(cx, pair.clone()).next()?, title: title(pair), parameters: parameters(cx, pair), parts })
}

fn parameters(cx: &Context<'_>, pair: &Pair<'_, Rule>) -> Vec<Parameter> {
    let list = child(pair, Rule::parameters).into_iter().flat_map(|list| children(&list, Rule::parameter));
    let parameters = list.filter_map(|one| {
        let name = names(cx, one.clone()).next()?;
        Some(Parameter { name, kind: words(cx, one, Rule::field).next()? })
    });
    parameters.collect()
}

pub(super) fn tally(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Tally> {
    let mut tally = Tally {
        name: names(cx, pair.clone()).next()?,
        title: title(pair),
        parameters: parameters(cx, pair),
        unit: in_unit(cx, pair),
        starts: Vec::new(),
        adds: Vec::new(),
        subtracts: Vec::new(),
    };
    for part in pair.clone().into_inner() {
        let rule = part.as_rule();
        let Some(written) = part.into_inner().last() else { continue };
        match rule {
            Rule::starts_at => tally.starts.extend(value(cx, written)),
            Rule::adds => tally.adds.extend(measured(cx, &written)),
            Rule::subtracts => tally.subtracts.extend(measured(cx, &written)),
            _ => {}
        }
    }
    Some(tally)
}

pub(super) fn place(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Place> {
    Some(Place {
        title: title(&pair),
        also: also(cx, &pair),
        of: child(&pair, Rule::place_of).and_then(|of| names(cx, of).next()),
        within: child(&pair, Rule::place_within).map(|within| names(cx, within).collect()).unwrap_or_default(),
        name: names(cx, pair).next()?,
    })
}

pub(super) fn calendar(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Calendar> {
    let weekend =
        child(&pair, Rule::weekend).into_iter().flat_map(|list| words(cx, list, Rule::weekday).collect::<Vec<_>>());
    let weekend = weekend.filter_map(|day| {
        let value = weekday(&day.text)?;
        Some(Spanned { value, span: day.span })
    });
    let weekend = weekend.collect();
    let days = child(&pair, Rule::holidays).into_iter().flat_map(Pair::into_inner);
    let holidays = days.filter(|day| day.as_rule() == Rule::date).map(|day| literal::date(cx, &day)).collect();
    Some(Calendar { name: names(cx, pair).next()?, weekend, holidays })
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "Monday" => Weekday::Monday,
        "Tuesday" => Weekday::Tuesday,
        "Wednesday" => Weekday::Wednesday,
        "Thursday" => Weekday::Thursday,
        "Friday" => Weekday::Friday,
        "Saturday" => Weekday::Saturday,
        "Sunday" => Weekday::Sunday,
        _ => return None,
    })
}

pub(super) fn term(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Term> {
    let condition = child(&pair, Rule::where_clause).and_then(|clause| last_condition(cx, &clause));
    let pattern = Pattern { conditions: condition.into_iter().collect(), ..pattern_in(cx, &pair)? };
    Some(Term { name: names(cx, pair.clone()).next()?, title: title(&pair), pattern })
}

pub(super) fn event(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Event> {
    Some(Event {
        name: names(cx, pair.clone()).next()?,
        title: title(&pair),
        from: child(&pair, Rule::foreign_name).and_then(|from| spellings(cx, from).next()),
        fields: children(&pair, Rule::field_decl).filter_map(|one| field(cx, one)).collect(),
        columns: children(&pair, Rule::column).filter_map(|one| column(cx, one)).collect(),
        established: child(&pair, Rule::established).and_then(|by| occurrence_in(cx, &by)),
    })
}

fn column(cx: &Context<'_>, pair: Pair<'_, Rule>) -> Option<Column> {
    let from = child(&pair, Rule::foreign_name).and_then(|foreign| spellings(cx, foreign).next())?;
    let name = words(cx, pair, Rule::field).next()?;
    Some(Column { name, from })
}

fn field(cx: &Context<'_>, pair: Pair<'_, Rule>) -> Option<Field> {
    let mut name = None;
    let mut kind = None;
    let mut optional = false;
    let mut from = None;
    let mut scale = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::field => name = Some(cx.name(&child)),
            Rule::field_type => kind = field_type(cx, child),
            Rule::optional => optional = true,
            Rule::foreign_name => from = spellings(cx, child).next(),
            Rule::in_scale => {
                scale = child
                    .into_inner()
                    .last()
                    .map(|word| Spanned { value: literal::scale(&word), span: cx.span_of(&word) });
            }
            _ => {}
        }
    }
    Some(Field { name: name?, kind: kind?, optional, from, scale })
}

fn field_type(cx: &Context<'_>, pair: Pair<'_, Rule>) -> Option<FieldType> {
    let inner = pair.into_inner().next()?;
    let is_list = inner.as_rule() == Rule::list_type;
    let mut words: Vec<_> = words(cx, inner, Rule::field).collect();
    Some(match words.len() {
        1 if is_list => FieldType::List(words.pop()?),
        1 => FieldType::Named(words.pop()?),
        _ => FieldType::Enumeration(words),
    })
}
