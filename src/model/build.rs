//! Makes one program of the files.

use super::builder::Builder;
use super::load::Loaded;
use super::{Article, ArticleId, Program, article, cycle, declare, term, treaty};
use crate::arena::{Id, Set};
use crate::finding::{Finding, any_error};

/// Resolves every name and checks every type.
///
/// The program is whole, and may be replayed, where no finding is an error.
pub fn build(loaded: &Loaded) -> (Program, Vec<Finding>) {
    let mut builder = Builder::default();
    declare::declare(&mut builder, loaded);
    treaty::treaties(&mut builder, loaded);
    term::check(&mut builder, loaded);
    let headings = builder.headings.clone();
    for (id, heading) in headings.iter().enumerate() {
        if let Some(norm) = article::norm(&mut builder, ArticleId::from_index(id), heading) {
            builder.program.articles.push(Article {
                treaty: heading.treaty,
                label: heading.article.label.text.clone(),
                title: heading.article.title.clone(),
                span: heading.article.span,
                norm,
            });
        }
    }
    if !any_error(&builder.findings) {
        cycle::check(&builder.program, &mut builder.findings);
    }
    (builder.program, each_once(builder.findings))
}

/// Findings, each once: what is wrong in a term is found again wherever the term is used.
fn each_once(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().collect::<Set<_>>().into_iter().collect()
}
