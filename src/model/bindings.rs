//! The names that a norm binds, and what they are.
//!
//! They are worked out from the tree alone, before any norm is resolved, as articles may ask for the names of others.

use std::collections::BTreeSet;

use super::builder::Builder;
use super::expr::{Bound, Cx};
use super::pattern::kind_named;
use super::reference::referenced;
use super::{ArticleId, KindId, MomentKind, TreatyId, Type, term};
use crate::finding::{Code, Finding};
use crate::syntax::ast::{self, ConstraintValue, Deed, Name, OccurrenceKind, Provision, SubjectKind, TriggerKind};

/// The names that an article binds, in the order of their slots.
pub(super) fn bindings(builder: &mut Builder, id: ArticleId) -> Vec<Bound> {
    let Some(heading) = builder.heading(id).cloned() else {
        return Vec::new();
    };
    let Some(norm) = &heading.article.norm else {
        return Vec::new();
    };
    let file = *builder.file_of_treaty.at(heading.treaty);
    let mut bound = vec![Bound { name: String::new(), kind: Some(Type::Party), by_the_act: false, span: None }];
    if let Some(trigger) = &norm.trigger {
        trigger_names(builder, heading.treaty, trigger, &mut bound);
    }
    if let Some(for_each) = &norm.for_each {
        bind(&mut bound, &for_each.bind, Some(Type::Party), false);
    }
    // What a `let` is, its value tells, which is read with the names above it; one that asks for itself tells nothing.
    let asked = builder.asking.contains(&id);
    builder.asking.push(id);
    for one in &norm.lets {
        let mut cx = Cx::of(builder, heading.treaty, &bound);
        let found = if asked { None } else { cx.quietly(|cx| cx.value(&one.value, None)) };
        bind(&mut bound, &one.name, found.map(|(_, kind)| kind), false);
    }
    builder.asking.pop();
    if let Provision::Sentence(sentence) = &norm.provision {
        if let SubjectKind::Each(_, Some(name)) = &sentence.subject.kind {
            bind(&mut bound, name, Some(Type::Party), false);
        }
        if let Deed::Acts(acts) = &sentence.deed {
            for act in &acts.acts {
                pattern_names(builder, file, &act.pattern, true, &mut bound);
            }
        }
    }
    bound
}

fn trigger_names(builder: &mut Builder, treaty: TreatyId, trigger: &ast::Trigger, bound: &mut Vec<Bound>) {
    let file = *builder.file_of_treaty.at(treaty);
    match &trigger.kind {
        TriggerKind::When(occurrence) => occurrence_names(builder, treaty, occurrence, bound),
        TriggerKind::First(pattern) => pattern_names(builder, file, pattern, false, bound),
        TriggerKind::Several { pattern, bind: name, .. } => {
            pattern_names(builder, file, pattern, false, bound);
            if let Some(name) = name {
                let kind = kind_of(builder, file, pattern).map(Type::Event);
                bind(bound, name, kind, false);
            }
        }
        TriggerKind::Once { bind: name, .. } | TriggerKind::Every { bind: name, .. } => {
            if let Some(name) = name {
                bind(bound, name, Some(Type::Tick), false);
            }
        }
    }
}

/// The names that an occurrence binds.
fn occurrence_names(builder: &mut Builder, treaty: TreatyId, occurrence: &ast::Occurrence, bound: &mut Vec<Bound>) {
    let file = *builder.file_of_treaty.at(treaty);
    match &occurrence.kind {
        OccurrenceKind::Pattern(pattern) => pattern_names(builder, file, pattern, false, bound),
        OccurrenceKind::Moment(moment) => {
            if let Some(name) = &moment.bind {
                let articles = referenced(builder, treaty, &moment.article, false);
                let kind = MomentKind::named(&moment.moment.text);
                let kind = articles.zip(kind).map(|(articles, kind)| Type::Moment(articles.into(), kind));
                bind(bound, name, kind, false);
            }
        }
        OccurrenceKind::Turn(turn) => {
            if let Some(name) = &turn.bind {
                bind(bound, name, Some(Type::Tick), false);
            }
        }
        OccurrenceKind::Any(all) => either_names(builder, treaty, all, bound),
        _ => {}
    }
}

/// The names of several occurrences of which one happens: those that each of them binds and, as the name of whichever
/// happens, the one that stands after the last.
fn either_names(builder: &mut Builder, treaty: TreatyId, all: &[ast::Occurrence], bound: &mut Vec<Bound>) {
    let names: Vec<Vec<Bound>> = all
        .iter()
        .map(|one| {
            let mut names = Vec::new();
            occurrence_names(builder, treaty, one, &mut names);
            names
        })
        .collect();
    let types: Vec<_> = all.iter().map(|one| type_of(builder, treaty, one)).collect();
    let whichever = of_whichever(all);
    let Some((last, before)) = names.split_last() else { return };
    // What a term binds for itself nobody else can ask for.
    let own = names.iter().flatten().filter(|bound| bound.name.contains(term::OWN));
    bound.extend(own.cloned());
    for name in last.iter().filter(|bound| !bound.name.contains(term::OWN)) {
        let of_whichever = whichever.as_deref() == Some(name.name.as_str());
        let mut kinds = vec![name.kind.clone()];
        let everywhere = before.iter().all(|names| {
            let found = names.iter().find(|other| other.name == name.name);
            kinds.extend(found.map(|found| found.kind.clone()));
            found.is_some()
        });
        if of_whichever {
            kinds.clone_from(&types);
        } else if !everywhere {
            continue;
        }
        let kind = kinds.into_iter().collect::<Option<Vec<_>>>().map(either);
        bound.push(Bound { kind, ..name.clone() });
    }
}

/// The names that some of the occurrences bind and others do not, so that they cannot be asked for.
pub(super) fn bound_in_some(builder: &mut Builder, treaty: TreatyId, occurrence: &ast::Occurrence) {
    let OccurrenceKind::Any(all) = &occurrence.kind else { return };
    let mut kept = Vec::new();
    either_names(builder, treaty, all, &mut kept);
    for one in all {
        let mut names = Vec::new();
        occurrence_names(builder, treaty, one, &mut names);
        for name in names {
            let Some(span) = name.span.filter(|_| kept.iter().all(|kept| kept.name != name.name)) else { continue };
            builder.report(
                Finding::error(
                    Code::BoundInOneAlternative,
                    format!("`{}` is bound in one alternative only", name.name),
                )
                .at(span, "not known where another of them happens")
                .help("bind it in each, or give a name to whichever happens, after the last"),
            );
        }
    }
}

/// The name that stands after the last of several occurrences, and is that of whichever happens.
pub(super) fn of_whichever(all: &[ast::Occurrence]) -> Option<String> {
    let (last, before) = all.split_last()?;
    own_name(last).filter(|_| before.iter().all(|one| own_name(one).is_none()))
}

/// The name that an occurrence gives to itself.
fn own_name(occurrence: &ast::Occurrence) -> Option<String> {
    let name = match &occurrence.kind {
        OccurrenceKind::Pattern(pattern) => pattern.bind.as_ref(),
        OccurrenceKind::Moment(moment) => moment.bind.as_ref(),
        OccurrenceKind::Turn(turn) => turn.bind.as_ref(),
        _ => None,
    };
    name.map(|name| name.text.clone())
}

/// What a name for an occurrence would stand for.
fn type_of(builder: &mut Builder, treaty: TreatyId, occurrence: &ast::Occurrence) -> Option<Type> {
    let file = *builder.file_of_treaty.at(treaty);
    match &occurrence.kind {
        OccurrenceKind::Pattern(pattern) => kind_of(builder, file, pattern).map(Type::Event),
        OccurrenceKind::Moment(moment) => {
            let articles = referenced(builder, treaty, &moment.article, false)?;
            Some(Type::Moment(articles.into(), MomentKind::named(&moment.moment.text)?))
        }
        _ => Some(Type::Tick),
    }
}

/// One of several types.
fn either(mut types: Vec<Type>) -> Type {
    types.dedup();
    match (types.len(), types.first()) {
        (1, Some(only)) => only.clone(),
        _ => Type::Either(types.into()),
    }
}

/// The kind of the events that a pattern means, be it a term's.
fn kind_of(builder: &mut Builder, file: usize, pattern: &ast::Pattern) -> Option<KindId> {
    let written = term::written_out(builder.scope(file), pattern)?;
    kind_named(builder, file, &written.kind, false)
}

fn bind(bound: &mut Vec<Bound>, name: &Name, kind: Option<Type>, by_the_act: bool) {
    bound.push(Bound { name: name.text.clone(), kind, by_the_act, span: Some(name.span) });
}

pub(super) fn pattern_names(
    builder: &mut Builder,
    file: usize,
    pattern: &ast::Pattern,
    by_the_act: bool,
    bound: &mut Vec<Bound>,
) {
    let written = term::written_out(builder.scope(file), pattern);
    let pattern = written.as_ref().unwrap_or(pattern);
    let kind = kind_named(builder, file, &pattern.kind, false);
    for constraint in &pattern.constraints {
        let ConstraintValue::Any { bind: name, .. } = &constraint.value else {
            continue;
        };
        let field = kind.and_then(|kind| {
            let fields = &builder.program.kinds.at(kind).fields;
            fields.iter().find(|field| field.name == constraint.field.text)
        });
        let of = field.map(|field| match &field.kind {
            Type::List(inner) => (**inner).clone(),
            other => other.clone(),
        });
        bind(bound, name, of, by_the_act);
    }
    if let Some(name) = &pattern.bind {
        bind(bound, name, kind.map(Type::Event), by_the_act);
    }
}

/// Whether every name is bound once only; reports those that are not.
pub(super) fn bound_once(builder: &mut Builder, bound: &[Bound]) -> bool {
    let mut once = true;
    for (index, later) in bound.iter().enumerate() {
        let earlier = bound.iter().take(index).find(|earlier| earlier.name == later.name);
        if let (Some(first), Some(second)) = (earlier.and_then(|earlier| earlier.span), later.span) {
            once = false;
            builder.report(
                Finding::error(Code::BoundTwice, format!("`{}` is bound twice", later.name))
                    .at(second, "again here")
                    .at(first, "first here")
                    .help("give each its own name"),
            );
        }
    }
    once
}

/// What `.by` of that moment of these articles is: a party, or several where the group is meant as one.
pub(super) fn bearer_type(builder: &Builder, articles: &[ArticleId], moment: MomentKind) -> Type {
    let norms = articles.iter().filter_map(|id| builder.heading(*id)?.article.norm.as_ref());
    let mut several = norms.map(|norm| match &norm.provision {
        Provision::Sentence(sentence) => match &sentence.subject.kind {
            SubjectKind::One(_) | SubjectKind::Jointly(_) => true,
            // The breach of such a group is one moment for each member that is blamed.
            SubjectKind::AtLeast(..) | SubjectKind::Portion(..) | SubjectKind::All(_) => moment != MomentKind::Breached,
            SubjectKind::Single(_) => matches!(sentence.deed, Deed::Decide(_)) && moment != MomentKind::Breached,
            SubjectKind::Each(..) | SubjectKind::Nobody => false,
        },
        Provision::Effect(_) => false,
    });
    if several.any(|several| several) { Type::List(Box::new(Type::Party)) } else { Type::Party }
}

/// What `.cause` of a moment of these articles is: the event in which the chain of triggers began.
pub(super) fn cause_type(builder: &mut Builder, articles: &[ArticleId]) -> Option<Type> {
    let mut kinds = BTreeSet::new();
    let mut seen = Vec::new();
    let mut open = articles.to_vec();
    while let Some(id) = open.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let heading = builder.heading(id)?.clone();
        match &heading.article.norm.as_ref()?.trigger.as_ref()?.kind {
            TriggerKind::When(occurrence) => {
                let mut moments = Vec::new();
                causes(builder, heading.treaty, occurrence, &mut kinds, &mut moments)?;
                open.extend(moments);
            }
            TriggerKind::First(pattern) | TriggerKind::Several { pattern, .. } => {
                kinds.insert(kind_of(builder, *builder.file_of_treaty.at(heading.treaty), pattern)?);
            }
            TriggerKind::Once { .. } | TriggerKind::Every { .. } => return None,
        }
    }
    let kind = kinds.pop_first()?;
    kinds.is_empty().then_some(Type::Event(kind))
}

/// The kinds of events that an occurrence may be, and the articles whose moments it may be.
fn causes(
    builder: &mut Builder,
    treaty: TreatyId,
    occurrence: &ast::Occurrence,
    kinds: &mut BTreeSet<KindId>,
    articles: &mut Vec<ArticleId>,
) -> Option<()> {
    match &occurrence.kind {
        OccurrenceKind::Pattern(pattern) => {
            kinds.insert(kind_of(builder, *builder.file_of_treaty.at(treaty), pattern)?);
        }
        OccurrenceKind::Moment(moment) => articles.extend(referenced(builder, treaty, &moment.article, false)?),
        OccurrenceKind::Any(all) => {
            for one in all {
                causes(builder, treaty, one, kinds, articles)?;
            }
        }
        _ => return None,
    }
    Some(())
}

/// What a name bound by all of these articles is.
pub(super) fn bound_type(builder: &mut Builder, articles: &[ArticleId], name: &str) -> Option<Type> {
    let mut found = None;
    for id in articles {
        let bound = bindings(builder, *id);
        let kind = bound.into_iter().find(|bound| bound.name == name && !bound.by_the_act)?.kind?;
        if found.as_ref().is_some_and(|found| *found != kind) {
            return None;
        }
        found = Some(kind);
    }
    found
}

/// The names that these articles bind.
pub(super) fn bound_names(builder: &mut Builder, articles: &[ArticleId]) -> Vec<String> {
    let mut names = Vec::new();
    for id in articles {
        let bound = bindings(builder, *id);
        names.extend(
            bound.into_iter().filter(|bound| !bound.by_the_act && !bound.name.is_empty()).map(|bound| bound.name),
        );
    }
    names
}

/// Whether each of these articles holds a decision.
pub(super) fn are_decisions(builder: &Builder, articles: &[ArticleId]) -> bool {
    articles.iter().all(|id| decision(builder, *id).is_some())
}

fn decision(builder: &Builder, id: ArticleId) -> Option<&ast::Decision> {
    match &builder.heading(id)?.article.norm.as_ref()?.provision {
        Provision::Sentence(ast::Sentence { deed: Deed::Decide(decision), .. }) => Some(decision),
        _ => None,
    }
}

/// What these articles decide on.
pub(super) fn decided_type(builder: &mut Builder, articles: &[ArticleId]) -> Option<Type> {
    let mut types = Vec::new();
    for id in articles {
        let on = decision(builder, *id)?.on.clone();
        let treaty = builder.heading(*id)?.treaty;
        if builder.asking.contains(id) {
            return None;
        }
        let bound = bindings(builder, *id);
        builder.asking.push(*id);
        let mut cx = Cx::of(builder, treaty, &bound);
        let found = cx.quietly(|cx| cx.path(&on, None));
        builder.asking.pop();
        types.push(found?.1);
    }
    (!types.is_empty()).then(|| either(types))
}
