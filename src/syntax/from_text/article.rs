//! Articles.

use pest::iterators::Pair;

use super::super::ast::{
    Act, Article, ArticleMoment, Condition, Constraint, ConstraintValue, ForEach, Guard, Let, Members, Name, Norm,
    Path, Pattern, Subject, Tail, Trigger, TriggerEvent, Window, WindowKind,
};
use super::super::grammar::Rule;
use super::condition::{condition, path, value};
use super::{Context, literal, names, words};

pub(super) fn article(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Article> {
    let span = cx.span_of(&pair);
    let mut article =
        Article { label: words(cx, pair.clone(), Rule::label).next()?, title: None, text: None, norm: None, span };
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::string => article.title = Some(literal::string(&child)),
            Rule::text => article.text = child.into_inner().last().map(|text| literal::string(&text)),
            Rule::norm => article.norm = norm(cx, child),
            _ => {}
        }
    }
    Some(article)
}

fn norm(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Norm> {
    let mut parts = Parts::default();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::trigger => parts.trigger = trigger(cx, child),
            Rule::let_value => {
                let name = names(cx, child.clone()).next();
                let value = child.into_inner().last().and_then(|sum| value(cx, sum));
                parts.lets.extend(name.zip(value).map(|(name, value)| Let { name, value }));
            }
            Rule::for_each => {
                let (members, bind) = members_and_bind(cx, child);
                parts.for_each = members.zip(bind).map(|(members, bind)| ForEach { members, bind });
            }
            Rule::guard_while => parts.guards.extend(guard(cx, child, false)),
            Rule::guard_unless => parts.guards.extend(guard(cx, child, true)),
            Rule::subject => parts.subject = subject(cx, child),
            Rule::modal => {
                let span = cx.span_of(&child);
                parts.modal = Some((child.into_inner().any(|word| word.as_rule() == Rule::kw_not), span));
            }
            Rule::act => parts.act = act(cx, child),
            Rule::window => parts.window = window(cx, child),
            Rule::owed_to => {
                let to = child.into_inner().last().and_then(|to| members(cx, to));
                parts.tails.extend(to.map(Tail::OwedTo));
            }
            Rule::unless => parts.tails.extend(last_condition(cx, child).map(Tail::Unless)),
            Rule::excused_by => {
                let patterns = child.into_inner().filter(|part| part.as_rule() == Rule::pattern);
                parts.tails.push(Tail::ExcusedBy(patterns.filter_map(|part| pattern(cx, part)).collect()));
            }
            _ => {}
        }
    }
    let (forbids, modal) = parts.modal?;
    Some(Norm {
        trigger: parts.trigger,
        lets: parts.lets,
        guards: parts.guards,
        for_each: parts.for_each,
        subject: parts.subject?,
        forbids,
        modal,
        act: parts.act?,
        window: parts.window,
        tails: parts.tails,
    })
}

#[derive(Default)]
struct Parts {
    trigger: Option<Trigger>,
    lets: Vec<Let>,
    guards: Vec<Guard>,
    for_each: Option<ForEach>,
    subject: Option<Subject>,
    modal: Option<(bool, crate::source::Span)>,
    act: Option<Act>,
    window: Option<Window>,
    tails: Vec<Tail>,
}

fn guard(cx: &mut Context, pair: Pair<'_, Rule>, negated: bool) -> Option<Guard> {
    last_condition(cx, pair).map(|condition| Guard { negated, condition })
}

pub(super) fn last_condition(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Condition> {
    pair.into_inner().last().and_then(|inner| condition(cx, inner))
}

fn trigger(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Trigger> {
    let span = cx.span_of(&pair);
    let mut event = None;
    let mut condition = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::article_moment => event = article_moment(cx, child).map(TriggerEvent::Moment),
            Rule::pattern => event = pattern(cx, child).map(TriggerEvent::Pattern),
            Rule::where_clause => condition = last_condition(cx, child),
            _ => {}
        }
    }
    Some(Trigger { event: event?, condition, span })
}

fn article_moment(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<ArticleMoment> {
    let mut treaty = None;
    let mut label = None;
    let mut moment = None;
    let mut by = None;
    let mut bind = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::article_ref => {
                treaty = names(cx, child.clone()).next();
                label = words(cx, child, Rule::label).next();
            }
            Rule::moment_kind => moment = Some(cx.name(&child)),
            Rule::by_party => by = child.into_inner().last().and_then(|inner| path(cx, inner)),
            Rule::bind => bind = names(cx, child).next(),
            _ => {}
        }
    }
    Some(ArticleMoment { treaty, label: label?, moment: moment?, by, bind })
}

pub(super) fn pattern(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Pattern> {
    let span = cx.span_of(&pair);
    let kind = names(cx, pair.clone()).next()?;
    let mut constraints = Vec::new();
    let mut bind = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::constraints => {
                let list = child.into_inner().filter(|part| part.as_rule() == Rule::constraint);
                constraints = list.filter_map(|part| constraint(cx, part)).collect();
            }
            Rule::bind => bind = names(cx, child).next(),
            _ => {}
        }
    }
    Some(Pattern { kind, constraints, bind, conditions: Vec::new(), span })
}

fn constraint(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Constraint> {
    let field = words(cx, pair.clone(), Rule::field).next()?;
    let last = pair.into_inner().last()?;
    let value = match last.as_rule() {
        Rule::any_value => any_value(cx, last)?,
        _ => ConstraintValue::Is(value(cx, last)?),
    };
    Some(Constraint { field, value })
}

fn any_value(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<ConstraintValue> {
    let (of, bind) = members_and_bind(cx, pair);
    Some(ConstraintValue::Any { of, bind: bind? })
}

fn members_and_bind(cx: &mut Context, pair: Pair<'_, Rule>) -> (Option<Members>, Option<Name>) {
    let mut of = None;
    let mut bind = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::members => of = members(cx, child),
            Rule::bind => bind = names(cx, child).next(),
            _ => {}
        }
    }
    (of, bind)
}

fn subject(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Subject> {
    let inner = pair.into_inner().next()?;
    let span = cx.span_of(&inner);
    let rule = inner.as_rule();
    if rule == Rule::single {
        return path(cx, inner.into_inner().next()?).map(Subject::Single);
    }
    let count = inner.clone().into_inner().find(|child| child.as_rule() == Rule::whole);
    let (group, bind) = members_and_bind(cx, inner);
    let members = group?;
    Some(match count {
        Some(count) => Subject::AtLeast { count: literal::whole(cx, &count), members, span },
        None if rule == Rule::each_of => Subject::Each { members, bind, span },
        None => Subject::One { members, span },
    })
}

pub(super) fn members(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Members> {
    let span = cx.span_of(&pair);
    let mut group = None;
    let mut without = Vec::new();
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::path => group = path(cx, child),
            _ => {
                let paths = child.into_inner().filter(|part| part.as_rule() == Rule::path);
                without.extend(paths.filter_map(|part| path(cx, part)));
            }
        }
    }
    Some(Members { group: group?, without, span })
}

fn act(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Act> {
    let mut act = None;
    let mut condition = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::pattern => act = pattern(cx, child),
            Rule::where_clause => condition = last_condition(cx, child),
            _ => {}
        }
    }
    Some(Act { pattern: act?, condition })
}

fn window(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<Window> {
    let span = cx.span_of(&pair);
    let mut kind = None;
    let mut counting = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::counting => counting = words(cx, child, Rule::counting_policy).next(),
            _ => kind = window_kind(cx, child),
        }
    }
    Some(Window { kind: kind?, counting, span })
}

fn window_kind(cx: &mut Context, pair: Pair<'_, Rule>) -> Option<WindowKind> {
    let rule = pair.as_rule();
    let mut durations = Vec::new();
    let mut anchor: Option<Path> = None;
    let mut time = None;
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::duration => durations.push(literal::duration(cx, child)),
            Rule::anchor => anchor = child.into_inner().last().and_then(|inner| path(cx, inner)),
            Rule::path => anchor = path(cx, child),
            Rule::instant | Rule::date => time = Some(literal::time(cx, &child)),
            _ => {}
        }
    }
    let mut durations = durations.into_iter();
    Some(match rule {
        Rule::within => WindowKind::Within(durations.next()?, anchor),
        Rule::between => WindowKind::Between(durations.next()?, durations.next()?, anchor),
        Rule::for_duration => WindowKind::For(durations.next()?),
        _ => match time {
            Some(time) => WindowKind::ByTime(time),
            None => WindowKind::ByPath(anchor?),
        },
    })
}
