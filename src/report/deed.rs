//! What an article is about, in words.

use rust_decimal::Decimal;

use super::Scene;
use super::words::often;
use crate::arena::Set;
use crate::eval::World;
use crate::model::{Act, Amount, Article, Deed, EventId, Type, Value, Want};
use crate::verdict::{Status, Verdict};

/// How much of a condition is quoted, in characters; all of it stands in the excerpt.
const LONGEST: usize = 120;

impl<'a> Scene<'a> {
    /// The acts, by their kinds: «`consult` or `explain`».
    pub(super) fn kinds(self, article: &Article) -> String {
        let Deed::Acts(acts) = &article.norm.deed else { return String::new() };
        either(acts.acts.iter().map(|act| self.program.kinds.at(act.pattern.kind).name.clone()))
    }

    /// The kinds of some events: «`deploy` or `fly`».
    pub(super) fn kinds_of(self, events: &[EventId]) -> String {
        let kinds = events.iter().map(|event| self.log.events.at(*event).kind);
        either(kinds.map(|kind| self.program.kinds.at(kind).name.clone()))
    }

    /// What is owed or forbidden, the values of the acts filled in: «`consult(on: strike-1)` or `explain`».
    pub(super) fn acts(self, verdict: &Verdict) -> String {
        let Deed::Acts(acts) = &self.article(verdict).norm.deed else { return String::new() };
        either(acts.acts.iter().map(|act| self.act(verdict, act)))
    }

    fn act(self, verdict: &Verdict, act: &Act) -> String {
        let kind = self.program.kinds.at(act.pattern.kind);
        let world = World::new(self.program, self.log);
        let fields = act.pattern.tests.iter().filter_map(|test| {
            let (Want::Is(expr), Some(field)) = (&test.want, kind.fields.get(test.field)) else { return None };
            let value = Some(world.value(expr, &verdict.frame)).filter(|value| *value != Value::Absent)?;
            let shown = || format!("{}: {}", field.name, self.value(&value, &field.kind));
            (Some(test.field) != kind.by).then(shown)
        });
        let fields: Vec<_> = fields.collect();
        if fields.is_empty() { kind.name.clone() } else { format!("{}({})", kind.name, fields.join(", ")) }
    }

    /// The condition that is to be kept or attained, in the words of the clause.
    pub(super) fn condition(self, article: &Article) -> String {
        let words = self.words(article.norm.deed_span);
        let condition = words.split_once(' ').map_or(words.as_str(), |(_, condition)| condition);
        match condition.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("`{}…`", condition.get(..cut).unwrap_or(condition).trim_end()),
            None => format!("`{condition}`"),
        }
    }

    /// What a total is of; none where acts are counted, or one is enough.
    pub(super) fn total_of(self, article: &Article) -> Option<&'a Type> {
        let Deed::Acts(acts) = &article.norm.deed else { return None };
        let Some(Amount::Total(_, fields)) = &acts.amount else { return None };
        let field = self.program.kinds.at(acts.acts.first()?.pattern.kind).fields.get(*fields.first()?)?;
        Some(&field.kind)
    }

    /// So much of a total, or so many times.
    pub(super) fn so_much(self, article: &Article, amount: Decimal) -> String {
        match self.total_of(article) {
            Some(kind) => self.amount(amount, kind),
            None => often(amount.normalize()),
        }
    }

    /// How much an act counts towards a total.
    pub(super) fn worth(self, article: &Article, event: EventId) -> Option<String> {
        let Deed::Acts(acts) = &article.norm.deed else { return None };
        let Some(Amount::Total(_, fields)) = &acts.amount else { return None };
        let event = self.log.events.at(event);
        let which = acts.acts.iter().position(|act| act.pattern.kind == event.kind)?;
        let (field, kind) = (*fields.get(which)?, self.total_of(article)?);
        match self.log.field(event, field) {
            Value::Number(number) => Some(self.amount(*number, kind)),
            Value::Duration(micros) => Some(self.amount(Decimal::from(*micros), kind)),
            _ => None,
        }
    }

    /// Whether a power was used that was not there, rather than a promise broken.
    pub(super) fn is_exercise(verdict: &Verdict) -> bool {
        verdict.status == Status::InvalidExercise
    }
}

/// «`a` or `b`», each once.
fn either(names: impl Iterator<Item = String>) -> String {
    let names: Set<String> = names.map(|name| format!("`{name}`")).collect();
    names.into_iter().collect::<Vec<_>>().join(" or ")
}
