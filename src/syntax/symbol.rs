//! What the grammar's rules are called when speaking to a user.

use super::grammar::Rule;

/// The user's words for a rule; none where naming it would not help.
pub(super) fn words(rule: Rule) -> Option<String> {
    let words = match rule {
        Rule::EOI | Rule::file | Rule::broken | Rule::item | Rule::item_start | Rule::broken_line => return None,
        Rule::status_value => "`draft`, `signed`, `in_force` or `historical`",
        Rule::binding_value => "`legally` or `politically`",
        Rule::zone_name => "a time zone such as `Europe/Kyiv`",
        Rule::counting_policy => "a counting policy such as `elapsed`",
        Rule::from_date => "`from`",
        Rule::on_event | Rule::on_all => "`on`",
        Rule::after_event => "a duration and `after`",
        Rule::after_notice => "`after`",
        Rule::for_term | Rule::for_duration => "`for`",
        Rule::until_date | Rule::until_event => "`until`",
        Rule::also => "`also`",
        Rule::place_of => "`of`",
        Rule::place_within | Rule::within => "`within`",
        Rule::weekend => "`weekend`",
        Rule::holidays => "`holidays`",
        Rule::weekday => "a day of the week",
        Rule::foreign_name => "`from \"…\"`",
        Rule::field_decl | Rule::column => "a field such as `by: party`",
        Rule::field_type | Rule::list_type | Rule::one_of_words => "a type such as `party`, `text` or `a | b`",
        Rule::optional => "`?`",
        Rule::in_scale => "`in million`",
        Rule::label => "a label such as `1` or `42(7)`",
        Rule::text => "`text`",
        Rule::norm => "what the article provides (`when …`, or who `shall` do what)",
        Rule::trigger => "`when`",
        Rule::let_value => "`let`",
        Rule::for_each => "`for each of`",
        Rule::equals => "`=`",
        Rule::guard_while => "`while`",
        Rule::guard_unless | Rule::unless => "`unless`",
        Rule::where_clause => "`where`",
        Rule::article_moment | Rule::article_ref => "`article …`",
        Rule::moment_kind => "`triggered`, `met` or `breached`",
        Rule::by_party | Rule::by_date => "`by`",
        Rule::pattern => "an event such as `attack(by: Russia)`",
        Rule::constraints => "`(`",
        Rule::constraint => "a field and its value such as `by: Russia`",
        Rule::any_value => "`any`",
        Rule::bind => "`as`",
        Rule::subject | Rule::single => "who owes it (`Italy`, `each of Guarantors`)",
        Rule::each_of => "`each of`",
        Rule::one_of => "`one of`",
        Rule::at_least => "`at least`",
        Rule::members => "a group",
        Rule::without => "`except`",
        Rule::modal => "`shall` or `shall not`",
        Rule::act => "an act such as `consult(on: a)`",
        Rule::window => "a window (`within 24 hours`, `by 2030-12-31`)",
        Rule::between => "`between`",
        Rule::anchor => "`of` or `after`",
        Rule::owed_to => "`owed to`",
        Rule::excused_by => "`excused by`",
        Rule::condition | Rule::conjunction | Rule::negation | Rule::comparison => "a condition",
        Rule::is_given => "`is given`",
        Rule::membership => "`in`",
        Rule::relation | Rule::comparator => "a comparison such as `=` or `<=`",
        Rule::sum | Rule::product | Rule::atom => "a value",
        Rule::sign => "`+` or `-`",
        Rule::times => "`*`",
        Rule::truth => "`true` or `false`",
        Rule::territory => "`territory of`",
        Rule::path | Rule::name => "a name",
        Rule::field => "a field",
        Rule::instant | Rule::moment_of_time => "an instant such as `2025-11-03T03:12Z`",
        Rule::date | Rule::date_form => "a date such as `2025-10-01`",
        Rule::quantity => "a quantity such as `90 billion USD`",
        Rule::number | Rule::number_scaled | Rule::whole => "a number",
        Rule::scale => "`thousand`, `million` or `billion`",
        Rule::duration | Rule::duration_part => "a duration such as `24 hours`",
        Rule::business => "`business days`",
        Rule::day_unit | Rule::duration_unit => "a unit of time such as `hours` or `days`",
        Rule::string | Rule::long_string => "a text in quotation marks",
        Rule::open_brace => "`{`",
        Rule::close_brace => "`}`",
        Rule::open => "`(`",
        Rule::close => "`)`",
        Rule::comma => "`,`",
        Rule::colon => "`:`",
        Rule::dot => "`.`",
        Rule::bar => "`|`",
        Rule::header_field | Rule::tail | Rule::blank | Rule::id_start | Rule::id_char => return None,
        Rule::keyword | Rule::WHITESPACE | Rule::COMMENT => return None,
        // What is left are items and fields of the header, which open with the word that names them, and keywords.
        Rule::in_force => "`in force`",
        Rule::time_zone => "`time zone`",
        Rule::calendar_name => "`calendar`",
        Rule::use_file => "`use`",
        other => {
            let name = format!("{other:?}");
            return Some(format!("`{}`", name.strip_prefix("kw_").unwrap_or(&name)));
        }
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    // A rule that is neither a keyword, nor an item, nor named above would be shown by its name in the grammar.
    #[test]
    fn no_rule_is_shown_by_its_name_in_the_grammar() {
        for rule in Rule::all_rules() {
            let name = format!("{rule:?}");
            let shown = words(*rule).unwrap_or_default();
            assert!(!shown.contains('_') || name.starts_with("kw_") || shown.contains("in_force"), "{name}: {shown}");
        }
    }
}
