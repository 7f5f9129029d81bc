//! References to articles.

use super::builder::Builder;
use super::{ArticleId, TreatyId};
use crate::finding::{Code, Finding};
use crate::syntax::ast::{self, Name};

/// The articles that a reference means.
pub(super) fn referenced(
    builder: &mut Builder,
    treaty: TreatyId,
    article: &ast::ArticleRef,
    report: bool,
) -> Option<Vec<ArticleId>> {
    let mut of = treaty;
    if let Some(name) = &article.treaty {
        let file = builder.scope_of(treaty).treaties.get(&name.text).copied();
        let by_alias = file.and_then(|file| builder.treaty_of_file.get(file).copied().flatten());
        let by_name = || {
            let mut treaties = builder.program.treaties.entries();
            treaties.find(|(_, treaty)| treaty.name == name.text).map(|(id, _)| id)
        };
        let found = by_alias.or_else(by_name);
        let Some(found) = found else {
            if report {
                let known: Vec<_> = builder.program.treaties.iter().map(|treaty| treaty.name.clone()).collect();
                builder.unknown(*builder.file_of_treaty.at(treaty), Code::NoTreaty, "treaty", name, &known);
            }
            return None;
        };
        of = found;
    }
    let articles = builder.articles_labelled(of, &article.label.text);
    if articles.is_empty() {
        if report {
            unknown_article(builder, of, &article.label);
        }
        return None;
    }
    Some(articles)
}

/// Whether a reference means any article.
pub(super) fn known_articles(builder: &mut Builder, treaty: TreatyId, article: &ast::ArticleRef) -> bool {
    referenced(builder, treaty, article, false).is_some()
}

fn unknown_article(builder: &mut Builder, treaty: TreatyId, label: &Name) {
    let text =
        builder.labels.get(&(treaty, label.text.clone())).and_then(|labelled| labelled.own.first().map(|own| own.span));
    if let Some(text) = text {
        let finding = Finding::error(Code::UnknownArticle, format!("article {} provides nothing", label.text))
            .at(label.span, "it is never triggered, met or breached")
            .at(text, "it holds no norm")
            .help("name an article that says who shall do what");
        builder.report(finding);
        return;
    }
    let labels = builder.headings.iter().filter(|heading| heading.treaty == treaty);
    let known: Vec<_> = labels.map(|heading| heading.article.label.text.clone()).collect();
    builder.unknown(*builder.file_of_treaty.at(treaty), Code::UnknownArticle, "article", label, &known);
}
