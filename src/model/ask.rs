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
            other => {
                let shown = other.show(&self.builder.program);
                self.builder.report(
                    Finding::error(Code::UnknownField, format!("{shown} has no `.{}`", name.text))
                        .at(name.span, "only events and moments have fields"),
                );
                None
            }
        }
    }

    fn ask_event(&mut self, kind: KindId, name: &Name) -> Option<(Ask, Type)> {
        let declared = &self.builder.program.kinds.at(kind);
        if let Some(field) = declared.fields.iter().position(|field| field.name == name.text) {
            let kind = declared.fields.get(field)?.kind.clone();
            return Some((Ask::Field(field), kind));
        }
        let zone = || Arc::new(self.zone());
        Some(match name.text.as_str() {
            "at" => (Ask::At, Type::Instant),
            "reported" => (Ask::Reported, Type::Instant),
            "id" => {
                self.builder.program.asks_identifiers = true;
                (Ask::Id, Type::Text)
            }
            "day" => (Ask::Day(zone()), Type::Date),
            "month" => (Ask::Month(zone()), Type::Number),
            "year" => (Ask::Year(zone()), Type::Number),
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
            "cause" => match bindings::cause_type(self.builder, articles) {
                Some(kind) => (Ask::Cause, kind),
                None => {
                    self.builder.report(
                        Finding::error(
                            Code::UnknownField,
                            "there is no one kind of event that this moment is caused by",
                        )
                        .at(name.span, "the articles begin with different events, or with none"),
                    );
                    return None;
                }
            },
            other => {
                let Some(kind) = bindings::bound_type(self.builder, articles, other) else {
                    let names = bindings::bound_names(self.builder, articles);
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
