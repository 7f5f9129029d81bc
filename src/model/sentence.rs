//! Sentences: who shall do what.

use super::declare::mismatch;
use super::expr::Cx;
use super::{Act, Acts, Amount, BEARER, Decision, Deed, Pattern, Subject, Test, Type, VotingRule, Want};
use crate::finding::{Code, Finding};
use crate::source::Span;
use crate::syntax::ast::{self, Majority, Modal, SubjectKind};

/// Who owes, and whether such a sentence can have such a subject.
pub(super) fn subject(cx: &mut Cx<'_>, sentence: &ast::Sentence) -> Option<Subject> {
    possible(cx, sentence)?;
    let subject = &sentence.subject;
    Some(match &subject.kind {
        SubjectKind::Single(members) => single(cx, members, &sentence.deed)?,
        SubjectKind::Each(members, bind) => {
            Subject::Each { members: cx.group(members)?, bind: bind.as_ref().and_then(|name| cx.slot(&name.text)) }
        }
        SubjectKind::One(members) => Subject::Group { members: cx.group(members)?, count: 1, together: true },
        SubjectKind::AtLeast(count, members) => {
            let group = cx.group(members)?;
            enough_members(cx, count, &group, members)?;
            Subject::Group { members: group, count: count.value as usize, together: false }
        }
        SubjectKind::Portion(portion, members) => {
            Subject::Part { members: cx.group(members)?, portion: Some(*portion) }
        }
        SubjectKind::All(members) => Subject::Part { members: cx.group(members)?, portion: None },
        SubjectKind::Jointly(members) => Subject::Jointly(cx.group(members)?),
        SubjectKind::Nobody => Subject::Nobody,
    })
}

/// One party or, where it decides, a group as one.
fn single(cx: &mut Cx<'_>, members: &ast::Members, deed: &ast::Deed) -> Option<Subject> {
    let decides = matches!(deed, ast::Deed::Decide(_));
    let (party, several) = cx.parties(&members.group)?;
    let several = several || !members.without.is_empty();
    if several && decides {
        return cx.members(members).map(Subject::Jointly);
    }
    if several {
        let name = as_written(&members.group);
        cx.builder.report(
            Finding::error(Code::GroupOwesSingly, format!("`{name}` is several parties: who of them owes it?"))
                .at(members.span, "a group cannot owe as if it were one party")
                .help(format!("write `each of {name}`, `one of {name}` or `at least 2 of {name}`")),
        );
        return None;
    }
    if decides {
        return not_possible(cx, members.span, "one party does not decide by vote", "name a group");
    }
    Some(Subject::Single(party))
}

/// Whether such a sentence can have such a subject at all.
fn possible(cx: &mut Cx<'_>, sentence: &ast::Sentence) -> Option<()> {
    use ast::Deed::{Acts, Decide, Have, Keep};
    let span = sentence.subject.span;
    let as_one = matches!(
        sentence.subject.kind,
        SubjectKind::One(_) | SubjectKind::AtLeast(..) | SubjectKind::Portion(..) | SubjectKind::All(_)
    );
    if sentence.modal.value == Modal::ShallNot && (as_one || matches!(sentence.subject.kind, SubjectKind::Jointly(_))) {
        cx.builder.report(
            Finding::error(Code::GroupOwesSingly, "a group as one cannot be forbidden an act")
                .at(span, "whose act would be the breach?")
                .help("write `each of …`: every member is then bound for itself"),
        );
        return None;
    }
    match (&sentence.subject.kind, &sentence.deed) {
        (SubjectKind::Nobody, Decide(_)) => {
            not_possible(cx, span, "somebody has to decide", "name the group that votes")
        }
        (SubjectKind::Nobody, _) if sentence.modal.value == Modal::May => {
            not_possible(cx, span, "a permission is given to somebody", "name the party that may")
        }
        (SubjectKind::Jointly(_), Acts(ast::Acts { amount: None, .. })) => not_possible(
            cx,
            span,
            "there is nothing that the members reach together",
            "add `totalling at least …` or `at least … times`, or write `all of …`",
        ),
        (SubjectKind::Each(..), Decide(_)) => {
            not_possible(cx, span, "a decision is taken by the group", "write the group alone, without `each of`")
        }
        (SubjectKind::One(_) | SubjectKind::AtLeast(..) | SubjectKind::Portion(..), Decide(_)) => not_possible(
            cx,
            span,
            "how many must be in favour is for the rule to say",
            "write the group alone, and the rule after `by`",
        ),
        (SubjectKind::One(_) | SubjectKind::AtLeast(..) | SubjectKind::Portion(..), Keep(_) | Have(_)) => {
            not_possible(cx, span, "a condition is the same for every member", "write `each of …` or `… jointly`")
        }
        _ => Some(()),
    }
}

fn not_possible<T>(cx: &mut Cx<'_>, span: Span, text: &str, help: &str) -> Option<T> {
    cx.builder.report(
        Finding::error(Code::SubjectNotPossible, text).at(span, "this sentence cannot have such a subject").help(help),
    );
    None
}

/// What a sentence is about.
pub(super) fn deed(cx: &mut Cx<'_>, sentence: &ast::Sentence) -> Option<Deed> {
    match &sentence.deed {
        ast::Deed::Acts(acts) => self::acts(cx, acts).map(Deed::Acts),
        ast::Deed::Keep(condition) => cx.condition(condition).map(Deed::Keep),
        ast::Deed::Have(condition) => cx.condition(condition).map(Deed::Have),
        ast::Deed::Decide(decision) => self::decision(cx, decision).map(Deed::Decide),
    }
}

fn acts(cx: &mut Cx<'_>, acts: &ast::Acts) -> Option<Acts> {
    let resolved: Vec<_> = acts.acts.iter().map(|act| self::act(cx, act)).collect();
    let resolved = resolved.into_iter().collect::<Option<Vec<_>>>();
    let amount = match &acts.amount {
        Some(amount) => Some(self::amount(cx, amount, resolved.as_deref()?)?),
        None => None,
    };
    Some(Acts { acts: resolved?, amount, discretion: acts.discretion.is_some() })
}

fn act(cx: &mut Cx<'_>, act: &ast::Act) -> Option<Act> {
    let pattern = cx.pattern(&act.pattern);
    let condition = match &act.condition {
        Some(condition) => Some(cx.condition(condition)?),
        None => None,
    };
    Some(Act { pattern: pattern?, condition })
}

fn amount(cx: &mut Cx<'_>, amount: &ast::Amount, acts: &[Act]) -> Option<Amount> {
    match amount {
        ast::Amount::Times(times) => {
            if matches!(&times.kind, ast::ExprKind::Number(number) if number.is_zero()) {
                count_of_none(cx, times.span, "an act is owed at least once");
                return None;
            }
            Some(Amount::Times(cx.value_of(times, &Type::Number)?))
        }
        ast::Amount::Total(least, field) => {
            let mut fields = Vec::new();
            let mut kind = None;
            for act in acts {
                let index = cx.field(act.pattern.kind, field)?;
                let of = cx.builder.program.kinds.at(act.pattern.kind).fields.get(index)?.kind.clone();
                if !matches!(of, Type::Number | Type::Quantity(_) | Type::Duration) {
                    let shown = of.show(&cx.builder.program);
                    mismatch(cx.builder, "a number or an amount", &shown, field.span);
                    return None;
                }
                kind = Some(of);
                fields.push(index);
            }
            Some(Amount::Total(cx.value_of(least, &kind?)?, fields))
        }
    }
}

/// Reports a count that nothing is needed for.
pub(super) fn count_of_none(cx: &mut Cx<'_>, span: Span, label: &str) {
    cx.builder.report(
        Finding::error(Code::CountOfNone, "a count of none says nothing").at(span, label).help("write 1 or more"),
    );
}

fn decision(cx: &mut Cx<'_>, decision: &ast::Decision) -> Option<Decision> {
    let on = cx.path(&decision.on, None).map(|(on, _)| on);
    // `RULE failing which RULE of vote(…)`: the ballots may be named once for both.
    let named = decision.rule.ballots.as_ref();
    let named = named.or_else(|| decision.fallback.as_ref().and_then(|rule| rule.ballots.as_ref()));
    let rule = voting_rule(cx, &decision.rule, named);
    let fallback = decision.fallback.as_ref().map(|rule| voting_rule(cx, rule, named));
    let veto: Vec<_> = decision.veto.iter().map(|members| cx.members(members)).collect();
    if let Some(quorum) = decision.quorum.as_ref().filter(|quorum| quorum.value == 0) {
        count_of_none(cx, quorum.span, "no quorum is needed for none");
        return None;
    }
    let fallback = match fallback {
        Some(rule) => Some(rule?),
        None => None,
    };
    Some(Decision {
        on: on?,
        rule: rule?,
        fallback,
        quorum: decision.quorum.as_ref().map(|quorum| quorum.value),
        veto: veto.into_iter().collect::<Option<_>>()?,
    })
}

fn voting_rule(cx: &mut Cx<'_>, rule: &ast::VotingRule, ballots: Option<&ast::Pattern>) -> Option<VotingRule> {
    if matches!(rule.majority.value, Majority::AtLeast(0)) {
        count_of_none(cx, rule.majority.span, "nobody would have to be in favour");
        return None;
    }
    let Some(written) = rule.ballots.as_ref().or(ballots) else {
        cx.builder.report(
            Finding::error(Code::DecisionWithoutBallots, "the rule does not say what a ballot is")
                .at(rule.majority.span, "of which votes?")
                .help("add the event that is a ballot: `of vote(on: a)`"),
        );
        return None;
    };
    let ballots = cx.pattern(written)?;
    is_ballot(cx, &ballots, written)?;
    Some(VotingRule { majority: rule.majority.value, ballots, of_votes_cast: rule.of_votes_cast })
}

/// A ballot says who casts it, and for what.
fn is_ballot(cx: &mut Cx<'_>, pattern: &Pattern, written: &ast::Pattern) -> Option<()> {
    super::treaty::has_actor(cx, pattern, written.span)?;
    let program = &cx.builder.program;
    let kind = program.kinds.at(pattern.kind);
    let choice = kind.fields.iter().find(|field| field.name == "choice");
    let words = |field: &super::Field| match &field.kind {
        Type::Enumeration(words) => {
            let words: Vec<_> = words.iter().map(|word| program.symbols.text(*word)).collect();
            ["favour", "against"].iter().all(|word| words.contains(word))
        }
        _ => false,
    };
    if choice.is_some_and(words) {
        return Some(());
    }
    let finding = Finding::error(Code::BallotWithoutChoice, format!("`{}` does not say how a member votes", kind.name))
        .at(written.span, "a ballot is in favour or against")
        .at(kind.span, "declared here without `choice`")
        .help("declare it with a field `choice: favour | against | abstain`");
    cx.builder.report(finding);
    None
}

/// `by` is the actor: where the act has one and does not say whom, it is the bearer.
pub(super) fn add_actor(cx: &Cx<'_>, deed: &mut Deed, subject: &Subject) {
    let Deed::Acts(acts) = deed else { return };
    for act in &mut acts.acts {
        let Some(by) = cx.builder.program.kinds.at(act.pattern.kind).by else { continue };
        if matches!(subject, Subject::Nobody) || act.pattern.tests.iter().any(|test| test.field == by) {
            continue;
        }
        let want = match subject {
            Subject::Single(_) | Subject::Each { .. } => Want::Is(super::Expr::Slot(BEARER)),
            _ => Want::Bearer,
        };
        act.pattern.tests.push(Test { field: by, want });
    }
}

/// A path in the words of the clause.
fn as_written(path: &ast::Path) -> String {
    std::iter::once(&path.head).chain(&path.fields).map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}
/// A group must have as many members as must perform, and more than none of them must.
fn enough_members(
    cx: &mut Cx<'_>,
    count: &ast::Spanned<u32>,
    group: &super::Members,
    members: &ast::Members,
) -> Option<()> {
    let size = match &group.base {
        super::Expr::Constant(value) => value.parties().len(),
        _ => usize::MAX,
    };
    let wanted = count.value as usize;
    if wanted >= 1 && wanted <= size {
        return Some(());
    }
    let name = as_written(&members.group);
    let text = match wanted {
        0 => "at least 0 of a group is no duty".to_owned(),
        _ => format!("`{name}` has {size} members, fewer than {wanted}"),
    };
    cx.builder.report(
        Finding::error(Code::GroupOwesSingly, text)
            .at(count.span, if wanted == 0 { "nobody would owe anything" } else { "so many can never perform" })
            .at(members.span, "of these")
            .help("write a number from 1 to the number of members"),
    );
    None
}
