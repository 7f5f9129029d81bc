//! Articles.

use pest::iterators::Pair;

use super::super::ast::{
    Act, Acts, Again, Amount, Article, Condition, Deed, ForEach, Guard, Let, Modal, Name, Norm, Portion, Provision,
    Sentence, Spanned, Subject, SubjectKind, Trigger, TriggerKind,
};
use super::super::grammar::Rule;
use super::condition::{condition, value};
use super::declaration::header_field;
use super::occurrence::{bind, members_in, occurrence_in, pattern_in};
use super::{Context, bracket, child, children, decision, first, literal, names, tail, window, words};

pub(super) fn article(cx: &mut Context<'_>, pair: Pair<'_, Rule>) -> Option<Article> {
    let span = cx.span_of(&pair);
    let label = label(cx, &pair)?;
    let mut article = Article { label, title: None, fields: Vec::new(), norm: None, span };
    for child in pair.into_inner() {
        match child.as_rule() {
            Rule::string => article.title = Some(literal::string(&child)),
            Rule::norm => article.norm = norm(cx, &child),
            _ => article.fields.extend(header_field(cx, child)),
        }
    }
    Some(article)
}

/// The label among the children of a pair, one blank between its words.
pub(super) fn label(cx: &Context<'_>, pair: &Pair<'_, Rule>) -> Option<Name> {
    let written = words(cx, pair.clone(), Rule::label).next()?;
    Some(Name { text: written.text.split_whitespace().collect::<Vec<_>>().join(" "), ..written })
}

fn norm(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Norm> {
    let mut trigger = child(pair, Rule::trigger).and_then(|inner| trigger_of(cx, &inner));
    if let (Some(trigger), Some(again)) = (&mut trigger, child(pair, Rule::retrigger)) {
        let value = if child(&again, Rule::kw_restarting).is_some() { Again::Restarts } else { Again::Ignored };
        trigger.again = Some(Spanned { value, span: cx.span_of(&again) });
    }
    let mut lets = Vec::new();
    let mut guards = Vec::new();
    let mut tails = Vec::new();
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::let_value => {
                let name = names(cx, child.clone()).next();
                let value = child.into_inner().last().and_then(|sum| value(cx, sum));
                lets.extend(name.zip(value).map(|(name, value)| Let { name, value }));
            }
            Rule::guard_while => guards.extend(guard(cx, &child, false)),
            Rule::guard_unless => guards.extend(guard(cx, &child, true)),
            _ => tails.extend(tail::tail(cx, &child)),
        }
    }
    let for_each = child(pair, Rule::for_each).and_then(|each| {
        let members = members_in(cx, &each)?;
        Some(ForEach { members, bind: bind(cx, &each)? })
    });
    let provision = match child(pair, Rule::effect) {
        Some(effect) => Provision::Effect(decision::effect(cx, &effect)?),
        None => Provision::Sentence(sentence(cx, pair)?),
    };
    Some(Norm { trigger, lets, guards, for_each, provision, tails })
}

fn guard(cx: &mut Context<'_>, pair: &Pair<'_, Rule>, negated: bool) -> Option<Guard> {
    last_condition(cx, pair).map(|condition| Guard { negated, condition })
}

pub(super) fn last_condition(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Condition> {
    child(pair, Rule::condition).and_then(|inner| condition(cx, inner))
}

/// The policy of `counting …`.
pub(super) fn counted_as(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Name> {
    let mut counted = child(pair, Rule::counted_as)?;
    while let Some(inner) = child(&counted, Rule::counting_bracket) {
        counted = bracket::chosen(cx, inner)?;
    }
    words(cx, counted, Rule::counting_policy).next()
}

fn trigger_of(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Trigger> {
    let span = cx.span_of(pair);
    let inner = first(pair)?;
    let kind = match inner.as_rule() {
        Rule::when_trigger => when(cx, &inner)?,
        Rule::once_trigger => TriggerKind::Once {
            condition: last_condition(cx, &inner)?,
            latest: child(&inner, Rule::at_the_latest).and_then(|latest| occurrence_in(cx, &latest)),
            bind: bind(cx, &inner),
        },
        _ => TriggerKind::Every {
            step: literal::duration_in(cx, &inner)?,
            from: occurrence_in(cx, &inner)?,
            bind: bind(cx, &inner),
        },
    };
    let condition = child(&inner, Rule::where_clause).and_then(|clause| last_condition(cx, &clause));
    Some(Trigger { kind, condition, again: None, span })
}

fn when(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<TriggerKind> {
    if let Some(first) = child(pair, Rule::first_of) {
        return pattern_in(cx, &first).map(TriggerKind::First);
    }
    let Some(several) = child(pair, Rule::several) else {
        return occurrence_in(cx, pair).map(TriggerKind::When);
    };
    Some(TriggerKind::Several {
        count: child(&several, Rule::whole).map(|whole| literal::whole(cx, &whole))?,
        pattern: pattern_in(cx, &several)?,
        within: literal::duration_in(cx, &several)?,
        bind: bind(cx, &several),
    })
}

fn sentence(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Sentence> {
    let subject = child(pair, Rule::subject).and_then(|inner| subject(cx, &inner));
    let modal = child(pair, Rule::modal).and_then(|inner| modal(cx, &inner));
    let written = child(pair, Rule::deed)?;
    let deed_span = cx.span_of(&written);
    let deed = deed(cx, &written);
    let window = child(pair, Rule::window).and_then(|inner| window::window(cx, &inner));
    Some(Sentence { subject: subject?, modal: modal?, deed: deed?, deed_span, window })
}

fn subject(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Subject> {
    let span = cx.span_of(pair);
    let inner = first(pair)?;
    let rule = inner.as_rule();
    let kind = match rule {
        Rule::subject_bracket => {
            let chosen = bracket::chosen(cx, inner)?;
            return subject(cx, &chosen);
        }
        Rule::nobody => SubjectKind::Nobody,
        _ => {
            let members = members_in(cx, &inner)?;
            match rule {
                Rule::single => SubjectKind::Single(members),
                Rule::each_of => SubjectKind::Each(members, bind(cx, &inner)),
                Rule::one_of => SubjectKind::One(members),
                Rule::all_of => SubjectKind::All(members),
                Rule::jointly => SubjectKind::Jointly(members),
                Rule::portion_of => SubjectKind::Portion(portion(&child(&inner, Rule::portion)?)?, members),
                _ => SubjectKind::AtLeast(literal::whole(cx, &child(&inner, Rule::whole)?), members),
            }
        }
    };
    Some(Subject { kind, span })
}

fn portion(pair: &Pair<'_, Rule>) -> Option<Portion> {
    Some(match first(pair)?.as_rule() {
        Rule::kw_two => Portion::TwoThirds,
        Rule::kw_three => Portion::ThreeQuarters,
        _ => Portion::Majority,
    })
}

fn modal(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Spanned<Modal>> {
    let span = cx.span_of(pair);
    let inner = first(pair)?;
    let value = match inner.as_rule() {
        Rule::modal_bracket => {
            let chosen = bracket::chosen(cx, inner)?;
            return modal(cx, &chosen);
        }
        Rule::shall => Modal::Shall,
        Rule::shall_not => Modal::ShallNot,
        Rule::shall_endeavour => Modal::Endeavour,
        _ => Modal::May,
    };
    Some(Spanned { value, span })
}

fn deed(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Deed> {
    let inner = first(pair)?;
    Some(match inner.as_rule() {
        Rule::decide => Deed::Decide(decision::decision(cx, &inner)?),
        Rule::keep => Deed::Keep(last_condition(cx, &inner)?),
        Rule::have => Deed::Have(last_condition(cx, &inner)?),
        _ => Deed::Acts(acts(cx, &inner)),
    })
}

fn acts(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Acts {
    let mut amount = None;
    if let Some(times) = child(pair, Rule::times_done) {
        amount = child(&times, Rule::sum).and_then(|sum| value(cx, sum)).map(Amount::Times);
    }
    if let Some(total) = child(pair, Rule::total) {
        let least = child(&total, Rule::sum).and_then(|sum| value(cx, sum));
        let field = words(cx, total, Rule::field).next();
        amount = least.zip(field).map(|(least, field)| Amount::Total(least, field));
    }
    Acts {
        acts: children(pair, Rule::act).filter_map(|one| act(cx, &one)).collect(),
        amount,
        discretion: child(pair, Rule::discretion).map(|words| cx.span_of(&words)),
    }
}

fn act(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Act> {
    if let Some(inner) = child(pair, Rule::act_bracket) {
        let chosen = bracket::chosen(cx, inner)?;
        return act(cx, &chosen);
    }
    let condition = child(pair, Rule::where_clause).and_then(|clause| last_condition(cx, &clause));
    Some(Act { pattern: pattern_in(cx, pair)?, condition })
}
