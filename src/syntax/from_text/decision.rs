//! Decisions and effects.

use pest::iterators::Pair;

use super::super::ast::{Decision, Effect, EffectKind, EffectScope, Majority, Spanned, VotingRule};
use super::super::grammar::Rule;
use super::occurrence::{article_ref_in, members, members_in, occurrence_in, path_in, pattern_in};
use super::{Context, bracket, child, children, literal};

pub(super) fn decision(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Decision> {
    let on = path_in(cx, pair)?;
    let voting = child(pair, Rule::voting)?;
    let rules: Vec<_> = children(&voting, Rule::voting_rule).filter_map(|rule| voting_rule(cx, &rule)).collect();
    let mut rules = rules.into_iter();
    let quorum = child(pair, Rule::quorum).and_then(|quorum| child(&quorum, Rule::whole));
    let veto: Vec<_> = children(pair, Rule::veto).flat_map(|veto| children(&veto, Rule::members)).collect();
    Some(Decision {
        on,
        rule: rules.next()?,
        fallback: rules.next(),
        quorum: quorum.map(|whole| literal::whole(cx, &whole)),
        veto: veto.iter().filter_map(|one| members(cx, one)).collect(),
    })
}

fn voting_rule(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<VotingRule> {
    let mut rule = match child(pair, Rule::voting_bracket) {
        Some(inner) => {
            let chosen = bracket::chosen(cx, inner)?;
            voting_rule(cx, &chosen)?
        }
        None => {
            let majority = child(pair, Rule::majority_rule)?;
            let span = cx.span_of(&majority);
            let value = self::majority(cx, &majority)?;
            VotingRule { majority: Spanned { value, span }, ballots: None, of_votes_cast: false }
        }
    };
    if let Some(ballots) = child(pair, Rule::ballots) {
        rule.ballots = pattern_in(cx, &ballots);
        rule.of_votes_cast = child(&ballots, Rule::votes_cast).is_some();
    }
    Some(rule)
}

fn majority(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Majority> {
    let word = pair.clone().into_inner().next()?;
    Some(match word.as_rule() {
        Rule::kw_unanimity => Majority::Unanimity,
        Rule::kw_consensus => Majority::Consensus,
        Rule::kw_silence => Majority::Silence,
        Rule::kw_majority => Majority::Majority,
        Rule::kw_two => Majority::TwoThirds,
        Rule::kw_three => Majority::ThreeQuarters,
        _ => Majority::AtLeast(literal::whole(cx, &child(pair, Rule::whole)?).value),
    })
}

pub(super) fn effect(cx: &mut Context<'_>, pair: &Pair<'_, Rule>) -> Option<Effect> {
    let span = cx.span_of(pair);
    let article = article_ref_in(cx, pair);
    let mut kind = None;
    let mut scope = Vec::new();
    for child in pair.clone().into_inner() {
        match child.as_rule() {
            Rule::is_suspended => kind = Some(EffectKind::Suspended),
            Rule::is_excused => kind = Some(EffectKind::Excused),
            Rule::is_extended => kind = literal::duration_in(cx, &child).map(EffectKind::Extended),
            Rule::is_lifted => kind = Some(EffectKind::Lifted),
            Rule::is_ended => kind = Some(EffectKind::Ends),
            Rule::for_term => scope.extend(literal::duration_in(cx, &child).map(EffectScope::During)),
            Rule::for_whom => scope.extend(members_in(cx, &child).map(EffectScope::For)),
            Rule::towards => scope.extend(members_in(cx, &child).map(EffectScope::Towards)),
            Rule::on_what => scope.extend(path_in(cx, &child).map(EffectScope::On)),
            Rule::until_event => scope.extend(occurrence_in(cx, &child).map(EffectScope::Until)),
            Rule::after_notice => scope.extend(literal::duration_in(cx, &child).map(EffectScope::After)),
            _ => {}
        }
    }
    Some(Effect { article, kind: kind?, scope, span })
}
