//! What can be asked of events and of moments.

use std::sync::Arc;

use super::expr::Cx;
use super::{ArticleId, Ask, KindId, MomentKind, Type, bindings};
use crate::finding::{Code, Finding, suggestion};
use crate::syntax::ast::Name;

impl Cx<'_> {
    pub(super) fn ask(&mut self, kind: &Type, name: &Name) -> Option<(Ask, Type)> {
        match kind {
            Type::Event(kind) => self.ask_event(*kind, name),
            Type::Moment(articles, moment) => self.ask_moment(articles, *moment, name),
            Type::Tick => self.ask_tick(name),
            Type::Either(kinds) => self.ask_either(kinds, name),
            other => {
                let shown = other.show(&self.builder.program);
                self.builder.report(
                    Finding::error(Code::UnknownField, format!("{shown} has no `.{}`", name.text))
                        .at(name.span, "only events and moments have fields")
                        .help("ask an event for it: give the event a name with `as a`, and write `a.…`"),
                );
                None
            }
        }
    }

    /// Reports a name that stands for different things, or of which nobody can tell for what.
    fn asks_itself(&mut self, name: &Name) {
        self.builder.report(
            Finding::error(Code::UnknownField, format!("it cannot be told what `{}` is", name.text))
                .at(name.span, "the articles mean different things by it, or it hangs on itself")
                .help("ask for it where it is bound, or give what is meant a field of an event"),
        );
    }

    /// What is asked of whichever of several things happened: all of them must have it, and it must be the same.
    fn ask_either(&mut self, kinds: &[Type], name: &Name) -> Option<(Ask, Type)> {
        let answers: Option<Vec<_>> = kinds.iter().map(|kind| self.quietly(|cx| cx.ask(kind, name))).collect();
        let mut answers = answers.into_iter().flatten().map(|(_, kind)| kind);
        if let Some(first) = answers.next()
            && answers.all(|other| other == first)
        {
            return Some((Ask::OfEither(name.text.clone()), first));
        }
        let shown: Vec<_> = kinds.iter().map(|kind| kind.show(&self.builder.program)).collect();
        self.builder.report(
            Finding::error(Code::UnknownField, format!("not all of them have the same field `{}`", name.text))
                .at(name.span, format!("asked of {}", shown.join(" or ")))
                .help("write an article for each, or declare the field alike in each"),
        );
        None
    }

    /// What is asked of a moment that is only a point in time.
    fn ask_tick(&mut self, name: &Name) -> Option<(Ask, Type)> {
        let found = self.ask_time(name);
        if found.is_none() {
            self.builder.report(unknown_field(name, "a moment", ["at", "day", "month", "year"]));
        }
        found
    }

    /// What everything that happens has.
    fn ask_time(&mut self, name: &Name) -> Option<(Ask, Type)> {
        let zone = || Arc::new(self.zone());
        Some(match name.text.as_str() {
            "at" => (Ask::At, Type::Instant),
            "day" => (Ask::Day(zone()), Type::Date),
            "month" => (Ask::Month(zone()), Type::Number),
            "year" => (Ask::Year(zone()), Type::Number),
            _ => return None,
        })
    }

    fn ask_event(&mut self, kind: KindId, name: &Name) -> Option<(Ask, Type)> {
        let declared = &self.builder.program.kinds.at(kind);
        if let Some(field) = declared.fields.iter().position(|field| field.name == name.text) {
            let kind = declared.fields.get(field)?.kind.clone();
            return Some((Ask::Field(field), kind));
        }
        if let Some(found) = self.ask_time(name) {
            return Some(found);
        }
        let declared = &self.builder.program.kinds.at(kind);
        Some(match name.text.as_str() {
            "established" if self.builder.established.contains(&kind) => (Ask::Established, Type::Instant),
            "reported" => (Ask::Reported, Type::Instant),
            "id" => {
                self.builder.program.asks_identifiers = true;
                (Ask::Id, Type::Text)
            }
            unread if declared.unread.iter().any(|field| field == unread) => return None,
            _ => {
                let fields = declared.fields.iter().map(|field| field.name.as_str());
                let fields = fields.chain(["at", "reported", "id", "day", "month", "year"]);
                let finding =
                    unknown_field(name, &format!("`{}`", declared.name), fields).at(declared.span, "declared here");
                self.builder.report(finding);
                return None;
            }
        })
    }

    fn ask_moment(&mut self, articles: &[ArticleId], moment: MomentKind, name: &Name) -> Option<(Ask, Type)> {
        Some(match name.text.as_str() {
            "by" => (Ask::By, bindings::bearer_type(self.builder, articles, moment)),
            "at" => (Ask::At, Type::Instant),
            "due" => (Ask::Due, Type::Instant),
            "day" | "month" | "year" => self.ask_time(name)?,
            "on" if bindings::are_decisions(self.builder, articles) => {
                let Some(kind) = bindings::decided_type(self.builder, articles) else {
                    self.asks_itself(name);
                    return None;
                };
                (Ask::On, kind)
            }
            "cause" => match bindings::cause_type(self.builder, articles) {
                Some(kind) => (Ask::Cause, kind),
                None => {
                    self.builder.report(
                        Finding::error(
                            Code::UnknownField,
                            "there is no one kind of event that this moment is caused by",
                        )
                        .at(name.span, "the articles begin with different events, or with none")
                        .help("name the articles one by one, each in an article of its own"),
                    );
                    return None;
                }
            },
            other => {
                let Some(kind) = bindings::bound_type(self.builder, articles, other) else {
                    let names = bindings::bound_names(self.builder, articles);
                    if names.iter().any(|bound| bound == other) {
                        self.asks_itself(name);
                        return None;
                    }
                    let known = ["by", "at", "due", "cause"].into_iter().chain(names.iter().map(String::as_str));
                    let finding = unknown_field(name, "this moment", known);
                    self.builder.report(finding);
                    return None;
                };
                (Ask::Bound(other.to_owned()), kind)
            }
        })
    }
}

pub(super) fn unknown_field<'a>(name: &Name, of: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Finding {
    let help = suggestion(&name.text, known.clone()).unwrap_or_else(|| {
        let list: Vec<_> = known.into_iter().map(|field| format!("`{field}`")).collect();
        format!("it has {}", list.join(", "))
    });
    Finding::error(Code::UnknownField, format!("{of} has no field `{}`", name.text))
        .at(name.span, "no such field")
        .help(help)
}
