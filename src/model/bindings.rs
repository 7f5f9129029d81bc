//! The names that a norm binds, and what they are.
//!
//! They are worked out from the tree alone, before any norm is resolved, as articles may ask for the names of others.

use std::collections::BTreeSet;

use super::builder::Builder;
use super::expr::{Bound, Cx};
use super::pattern::kind_named;
use super::reference::referenced;
use super::{ArticleId, MomentKind, Type};
use crate::finding::{Code, Finding};
use crate::syntax::ast::{self, ConstraintValue, Name, Tail, TriggerEvent};

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
    match norm.trigger.as_ref().map(|trigger| &trigger.event) {
        Some(TriggerEvent::Pattern(pattern)) => pattern_names(builder, file, pattern, false, &mut bound),
        Some(TriggerEvent::Moment(moment)) => {
            if let Some(name) = &moment.bind {
                let articles = referenced(builder, heading.treaty, moment, false);
                let kind = MomentKind::named(&moment.moment.text);
                let kind = articles.zip(kind).map(|(articles, kind)| Type::Moment(articles.into(), kind));
                bind(&mut bound, name, kind, false);
            }
        }
        None => {}
    }
    if let Some(for_each) = &norm.for_each {
        bind(&mut bound, &for_each.bind, Some(Type::Party), false);
    }
    // What a `let` is, its value tells, which is read with the names above it.
    for one in &norm.lets {
        let mut cx = Cx::of(builder, heading.treaty, &bound);
        let kind = cx.quietly(|cx| cx.value(&one.value, None)).map(|(_, kind)| kind);
        bind(&mut bound, &one.name, kind, false);
    }
    if let ast::Subject::Each { bind: Some(name), .. } = &norm.subject {
        bind(&mut bound, name, Some(Type::Party), false);
    }
    pattern_names(builder, file, &norm.act.pattern, true, &mut bound);
    for tail in &norm.tails {
        if let Tail::ExcusedBy(patterns) = tail {
            for pattern in patterns {
                pattern_names(builder, file, pattern, true, &mut bound);
            }
        }
    }
    bound
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
    let mut several = norms.map(|norm| match norm.subject {
        ast::Subject::One { .. } => true,
        // The breach of such a group is one moment for each member that is blamed.
        ast::Subject::AtLeast { .. } => moment != MomentKind::Breached,
        ast::Subject::Single(_) | ast::Subject::Each { .. } => false,
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
        match &heading.article.norm.as_ref()?.trigger.as_ref()?.event {
            TriggerEvent::Pattern(pattern) => {
                kinds.insert(kind_named(builder, *builder.file_of_treaty.at(heading.treaty), &pattern.kind, false)?);
            }
            TriggerEvent::Moment(moment) => open.extend(referenced(builder, heading.treaty, moment, false)?),
        }
    }
    let kind = kinds.pop_first()?;
    kinds.is_empty().then_some(Type::Event(kind))
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
