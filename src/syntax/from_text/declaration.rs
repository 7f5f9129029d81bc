//! The header and the declarations.

use pest::iterators::Pair;

use super::super::ast::{
    Calendar, Column, EntryIntoForce, Event, Expiry, Field, FieldType, Group, HeaderField, HeaderKind, Name, Party,
    Pattern, Place, Spanned, Term, Treaty, Use,
};
use super::super::grammar::Rule;
use super::{Context, article, literal, names, words};
use crate::time::Weekday;

pub(super) fn treaty(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Treaty> {
    let mut name = None;
    let mut title = None;
    let mut fields = Vec::new();
    for child in pair.into_inner() {
        let span = cx.span_of(&child);
        match child.as_rule() {
            Rule::name => name = Some(cx.name(&child)),
            Rule::string => title = Some(literal::string(&child)),
            _ => fields.extend(header_field(cx, child).map(|kind| HeaderField { kind, span })),
        }
    }
    Some(Treaty { name: name?, title, fields })
}

fn header_field(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<HeaderKind> {
    let rule = pair.as_rule();
    match rule {
        Rule::in_force => return in_force(cx, pair),
        Rule::withdrawal => return withdrawal(cx, pair),
        _ => {}
    }
    let value = pair.into_inner().last()?;
    Some(match rule {
        Rule::status => HeaderKind::Status(value.as_str().to_owned()),
        Rule::signed => HeaderKind::Signed(literal::date(cx, &value)),
        Rule::time_zone => HeaderKind::TimeZone(cx.name(&value)),
        Rule::counting => HeaderKind::Counting(cx.name(&value)),
        Rule::calendar_name => HeaderKind::Calendar(cx.name(&value)),
        Rule::binding => HeaderKind::Binding(value.as_str().to_owned()),
        Rule::source => HeaderKind::Source(literal::string(&value)),
        Rule::text => HeaderKind::Text(literal::string(&value)),
        _ => return None,
    })
}

fn in_force(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<HeaderKind> {
    let mut from = None;
    let mut until = None;
    for child in pair.into_inner() {
        let rule = child.as_rule();
        if matches!(rule, Rule::on_all | Rule::after_event) {
            from = entry_by_parties(cx, child);
            continue;
        }
        let Some(value) = child.into_inner().last() else {
            continue;
        };
        match rule {
            Rule::from_date => from = Some(EntryIntoForce::From(literal::time(cx, &value))),
            Rule::on_event => from = Some(EntryIntoForce::On(article::pattern(cx, value)?)),
            Rule::for_term => until = Some(Expiry::For(literal::duration(cx, value))),
            Rule::until_date => until = Some(Expiry::Until(literal::time(cx, &value))),
            Rule::until_event => until = Some(Expiry::UntilEvent(article::pattern(cx, value)?)),
            _ => {}
        }
    }
    Some(HeaderKind::InForce { from: from?, until })
}

/// `on all of G PATTERN` and `90 days after 20 PATTERN`
fn entry_by_parties(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<EntryIntoForce> {
    let mut members = None;
    let mut duration = None;
    let mut count = None;
    let mut pattern = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::members => members = article::members(cx, child),
            Rule::duration => duration = Some(literal::duration(cx, child)),
            Rule::whole => count = Some(literal::whole(cx, &child)),
            Rule::pattern => pattern = article::pattern(cx, child),
            _ => {}
        }
    }
    Some(match duration {
        Some(duration) => EntryIntoForce::After(duration, count, pattern?),
        None => EntryIntoForce::OnAll(members?, pattern?),
    })
}

fn withdrawal(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<HeaderKind> {
    let notice = child(&pair, Rule::after_notice).and_then(|notice| notice.into_inner().last());
    let notice = notice.map(|duration| literal::duration(cx, duration));
    let pattern = child(&pair, Rule::pattern).and_then(|pattern| article::pattern(cx, pattern))?;
    Some(HeaderKind::Withdrawal(pattern, notice))
}

pub(super) fn use_file(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Use> {
    let path = spellings(cx, pair.clone()).next()?;
    let alias = names(cx, pair).next();
    Some(Use { path, alias })
}

/// The strings among the children, with their places.
fn spellings(cx: &Context, pair: Pair<'_, Rule>) -> impl Iterator<Item = Name> {
    pair.into_inner()
        .filter(|child| child.as_rule() == Rule::string)
        .map(|child| Name { text: literal::string(&child), span: cx.span_of(&child) })
}

pub(super) fn party(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Party> {
    Some(Party { name: names(cx, pair.clone()).next()?, title: title(&pair), also: also(cx, &pair) })
}

fn title(pair: &Pair<'_, Rule>) -> Option<String> {
    pair.clone().into_inner().find(|child| child.as_rule() == Rule::string).map(|child| literal::string(&child))
}

fn also(cx: &Context, pair: &Pair<'_, Rule>) -> Vec<Name> {
    child(pair, Rule::also).map(|also| spellings(cx, also).collect()).unwrap_or_default()
}

fn child<'i>(pair: &Pair<'i, Rule>, rule: Rule) -> Option<Pair<'i, Rule>> {
    pair.clone().into_inner().find(|child| child.as_rule() == rule)
}

pub(super) fn group(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Group> {
    let title = title(&pair);
    let mut names = names(cx, pair);
    Some(Group { name: names.next()?, title, members: names.collect() })
}

pub(super) fn place(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Place> {
    Some(Place {
        title: title(&pair),
        also: also(cx, &pair),
        of: child(&pair, Rule::place_of).and_then(|of| names(cx, of).next()),
        within: child(&pair, Rule::place_within).map(|within| names(cx, within).collect()).unwrap_or_default(),
        name: names(cx, pair).next()?,
    })
}

pub(super) fn calendar(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Calendar> {
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

pub(super) fn term(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Term> {
    let name = names(cx, pair.clone()).next()?;
    let title = title(&pair);
    let condition = child(&pair, Rule::where_clause).and_then(|clause| article::last_condition(cx, clause));
    let pattern = child(&pair, Rule::pattern).and_then(|pattern| article::pattern(cx, pattern))?;
    let pattern = Pattern { conditions: condition.into_iter().collect(), ..pattern };
    Some(Term { name, title, pattern })
}

pub(super) fn event(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Event> {
    let mut name = None;
    let mut title = None;
    let mut from = None;
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::name => name = Some(cx.name(&child)),
            Rule::string => title = Some(literal::string(&child)),
            Rule::foreign_name => from = spellings(cx, child).next(),
            Rule::field_decl => fields.extend(field(cx, child)),
            Rule::column => columns.extend(column(cx, child)),
            _ => {}
        }
    }
    Some(Event { name: name?, title, from, fields, columns })
}

fn column(cx: &Context, pair: Pair<'_, Rule>) -> Option<Column> {
    let from = child(&pair, Rule::foreign_name).and_then(|foreign| spellings(cx, foreign).next())?;
    let name = words(cx, pair, Rule::field).next()?;
    Some(Column { name, from })
}

fn field(cx: &Context, pair: Pair<'_, Rule>) -> Option<Field> {
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

fn field_type(cx: &Context, pair: Pair<'_, Rule>) -> Option<FieldType> {
    let inner = pair.into_inner().next()?;
    let is_list = inner.as_rule() == Rule::list_type;
    let mut words: Vec<_> = words(cx, inner, Rule::field).collect();
    Some(match words.len() {
        1 if is_list => FieldType::List(words.pop()?),
        1 => FieldType::Named(words.pop()?),
        _ => FieldType::Enumeration(words),
    })
}
