//! Made-up articles.

use super::maker::{Made, Maker, Names, Shape};
use super::text::Piece;
use super::words::{ACT, AID, CLAIM, HIT, KINDS, PLAN, VOTE};

impl Maker {
    /// An article.
    pub fn sentence(&mut self, label: &str, shape: Shape, dated: &str) -> Piece {
        let mut piece = Piece::default();
        piece.must(format!("article {label} {dated}"));
        self.plain = true;
        let own = self.law_of_its_own(dated.is_empty());
        self.plain = false;
        piece.may(own);
        piece.must("{");
        let mut names = Names::default();
        self.trigger(&mut piece, &mut names, shape);
        self.lets_and_guards(&mut piece, &mut names);
        let each = self.one_in(8) && matches!(shape, Shape::Duty | Shape::Ban | Shape::May | Shape::Effect);
        if each {
            piece.may(format!("for each of {} as h", self.pick(&["G", "H", "few", "G except B"])));
            names.parties.push("h".to_owned());
        }
        if shape == Shape::Effect {
            piece.must(",");
            let effect = self.effect(&names, true);
            piece.or(effect, &[]);
        } else {
            self.norm(&mut piece, &mut names, shape);
        }
        self.tails(&mut piece, &names, shape);
        piece.must("}");
        let trigger = names.events.iter().find(|it| it.0 == "a").map(|it| it.1);
        let made = Made { label: label.to_owned(), trigger, single: names.single };
        self.made.push(made);
        piece
    }

    fn law_of_its_own(&mut self, undated: bool) -> String {
        match self.dice.below(20) {
            0 => format!(
                "counting {}",
                self.pick(&["calendar_days", "inclusive_days", "clear_days", "EU_1182_71", "ETS_76", "UNCITRAL"])
            ),
            1 => "time zone America/New_York".to_owned(),
            2 => "calendar cal".to_owned(),
            3 if undated => format!("in force from {}", self.date()),
            4 if undated => format!(
                "in force on {} until {}",
                self.occurrence(&Names::default(), 1),
                self.occurrence(&Names::default(), 0)
            ),
            5 if undated => format!("in force from {} for {}", self.date(), self.length()),
            6 if undated => format!("in force {} after {}", self.length(), self.occurrence(&Names::default(), 0)),
            7 if undated => format!("in force until {}", self.occurrence(&Names::default(), 1)),
            8 if undated => "in force on all of G enter".to_owned(),
            _ => String::new(),
        }
    }

    fn trigger(&mut self, piece: &mut Piece, names: &mut Names, shape: Shape) {
        let stands = if matches!(shape, Shape::Effect | Shape::Decide) { 0 } else { 4 };
        let form = self.dice.weighed(&[stands, 8, 2, 1, 2, 5, 2, 2, 2, 2]);
        let mut text = match form {
            0 => return,
            1 => self.when_event(names),
            2 => {
                let (one, other) = (self.kind(), self.kind());
                if [one, other].iter().all(|kind| KINDS[*kind].fields.first().is_some_and(|field| field.0 == "by")) {
                    names.parties.push("a.by".to_owned());
                }
                let (one, other) = (self.pattern(one, names, true), self.pattern(other, names, true));
                let (one, other) = (one.replace("w0", "hit"), other.replace("w0", "hit"));
                names.ticks.push("a".to_owned());
                format!("when {one} or {other} as a")
            }
            3 => format!("when first {}", self.binding_pattern(names)),
            4 => {
                let pattern = self.binding_pattern(names);
                let pattern = pattern.trim_end_matches(" as a");
                format!("when {} {pattern} within {} as a", self.pick(&["2", "2", "3"]), self.some_time())
            }
            5 => match self.moment(names) {
                Some(moment) => {
                    names.moments.push("b".to_owned());
                    let more = if self.one_in(5) { self.moment(&Names::default()) } else { None };
                    if more.is_none() {
                        self.of_the_moment(&moment, names);
                    }
                    format!("when {}{moment} as b", more.map_or(String::new(), |it| format!("{it} or ")))
                }
                None => self.when_event(names),
            },
            6 => {
                let condition = self.condition(names, 1);
                if self.one_in(3) {
                    // A name after an event would be that of the event.
                    return piece
                        .or(format!("once {condition} or at the latest {}", self.occurrence(names, 1)), &["when hit"]);
                }
                let latest = if self.one_in(2) { format!(" or at the latest {}", self.date()) } else { String::new() };
                names.ticks.push("d".to_owned());
                format!("once {condition}{latest} as d")
            }
            7 => {
                let step = self.pick(&["12 hours", "1 day", "2 days", "1 week", "1 month"]);
                if self.one_in(2) {
                    format!("every {step} from {}", self.occurrence(names, 1))
                } else {
                    names.ticks.push("d".to_owned());
                    format!("every {step} from {} as d", self.date())
                }
            }
            8 => {
                names.ticks.push("q".to_owned());
                format!("when {} {} as q", self.state(names), self.pick(&["begins", "ends"]))
            }
            _ => format!("when {}", self.occurrence(names, 1)),
        };
        if matches!(form, 1 | 3 | 4 | 7) && self.one_in(4) {
            text += &format!(" where {}", self.condition(names, 1));
        }
        piece.or(text, &["when hit as a", "when hit"]);
        if self.one_in(5) {
            piece.may(self.pick(&["one at a time", "restarting"]));
        }
    }

    /// What the name of a moment may be asked for, as far as the article is known.
    fn of_the_moment(&mut self, moment: &str, names: &mut Names) {
        let label = moment.split(' ').nth(1).unwrap_or_default();
        let of = |made: &&Made| made.label == label || made.label.starts_with(&format!("{label}."));
        let all: Vec<_> = self.made.iter().filter(of).cloned().collect();
        let expected =
            self.articles.iter().filter(|it| it.label == label || it.label.starts_with(&format!("{label}."))).count();
        if all.len() < expected || moment.contains("enters") || moment.contains("ends") {
            return;
        }
        if all.iter().all(|made| made.single) {
            names.parties.push("b.by".to_owned());
        }
        if let Some(kind) = all[0].trigger.filter(|kind| all.iter().all(|made| made.trigger == Some(*kind))) {
            names.events.push(((*self.dice.pick(&["b.cause", "b.a"])).to_owned(), kind));
        }
    }

    fn when_event(&mut self, names: &mut Names) -> String {
        if self.one_in(4) {
            return format!("when {}", self.binding_pattern(names));
        }
        let kind = *self.dice.pick(&[HIT, HIT, HIT, HIT, PLAN, PLAN, CLAIM, CLAIM, AID, ACT]);
        let pattern = self.pattern(kind, names, true);
        names.events.push(("a".to_owned(), kind));
        if kind == HIT && self.one_in(4) {
            names.parties.push("a.to".to_owned());
        }
        format!("when {pattern} as a")
    }

    /// A pattern that gives names to what its fields hold.
    fn binding_pattern(&mut self, names: &mut Names) -> String {
        let (text, kind, party) = match self.dice.below(6) {
            0 => ("hit(by: any as g) as a", HIT, true),
            1 => ("hit(to: any of G as g) as a", HIT, true),
            2 => ("act(to: any of H as g) as a", ACT, true),
            3 => ("w1 as a", ACT, false),
            4 => ("aid(on: any as f) as a", AID, false),
            _ => ("hit(place: any as f, by: any of few as g) as a", HIT, true),
        };
        if party {
            names.parties.push("g".to_owned());
        }
        if text.contains("on: any as f") {
            names.events.push(("f".to_owned(), HIT));
        }
        names.events.push(("a".to_owned(), kind));
        text.to_owned()
    }

    fn lets_and_guards(&mut self, piece: &mut Piece, names: &mut Names) {
        if self.one_in(7) {
            let value = match names.events.first() {
                Some((name, HIT | AID | CLAIM)) => format!("{name}.n + 1"),
                _ => self
                    .pick(&["count of hit", "t0 * 2", "members of H", "sum of hit().n in the last 2 days", "quota(B)"])
                    .to_owned(),
            };
            piece.may(format!("let z = {value}"));
            names.numbers.push("z".to_owned());
        }
        if self.one_in(4) {
            let condition = self.condition(names, 1);
            piece.may(format!("while {condition}"));
        }
        if self.one_in(8) {
            let condition = self.condition(names, 0);
            piece.may(format!("unless {condition}"));
        }
    }

    /// Who, how strongly, what and when.
    fn norm(&mut self, piece: &mut Piece, names: &mut Names, shape: Shape) {
        let mut jointly = false;
        let group = self.group(names);
        let single = self.party(names);
        let subject = match shape {
            Shape::Decide => group,
            Shape::Duty => match self.dice.below(13) {
                0..=3 => single,
                4 | 5 => format!("each of {group} as m"),
                6 => format!("one of {group}"),
                7 => format!("at least 2 of {}", self.pick(&["G", "G", "H"])),
                8 => format!("a majority of {group}"),
                9 => format!("{} of {group}", self.pick(&["two thirds", "three quarters"])),
                10 => format!("all of {group}"),
                11 => {
                    jointly = true;
                    format!("{group} jointly")
                }
                _ => "nobody named".to_owned(),
            },
            Shape::Keep | Shape::Have => match self.dice.below(5) {
                0 | 1 => single,
                2 => format!("{group} jointly"),
                3 => format!("all of {group}"),
                _ => format!("each of {group} as m"),
            },
            Shape::Ban => match self.dice.below(8) {
                0..=3 => single,
                4 => "nobody named".to_owned(),
                _ => format!("each of {group} as m"),
            },
            _ => match self.dice.below(6) {
                0..=3 => single,
                4 => format!("one of {group}"),
                _ => format!("each of {group} as m"),
            },
        };
        names.single = !matches!(shape, Shape::Decide)
            && !["of ", "one", "jointly", "nobody"]
                .iter()
                .any(|word| subject.contains(word) && !subject.ends_with(" as m"));
        if subject.ends_with(" as m") && !matches!(shape, Shape::Decide) {
            names.parties.push("m".to_owned());
        }
        piece.or(subject, if jointly || shape == Shape::Decide { &["G jointly", "G"] } else { &["A"] });
        let modal = match shape {
            Shape::Ban => "shall not",
            Shape::May | Shape::Power => "may",
            Shape::Open => "shall endeavour to",
            Shape::Decide => self.pick(&["shall", "shall", "may"]),
            _ => self.pick(&["shall", "shall", "will"]),
        };
        piece.must(modal);
        match shape {
            Shape::Keep => {
                let condition = self.condition(names, 1);
                piece.or(format!("keep {condition}"), &["keep s0"]);
            }
            Shape::Have => {
                let condition = self.condition(names, 1);
                piece.or(format!("have {condition}"), &["have s0"]);
            }
            Shape::Decide => self.decision(piece, names),
            _ => self.acts(piece, names, shape, jointly),
        }
        let window = self.window(names, shape);
        piece.or(window, &["", "within 1 day"]);
    }

    fn acts(&mut self, piece: &mut Piece, names: &mut Names, shape: Shape, jointly: bool) {
        let kind = if self.one_in(3) { *self.dice.pick(&[ACT, AID, HIT, CLAIM]) } else { self.act };
        let mut act = self.pattern(kind, names, false);
        let of = if act.starts_with('w') { HIT } else { kind };
        if self.one_in(4) {
            let mut inner = names.clone();
            inner.events.push(("k".to_owned(), of));
            let condition = self.condition(&inner, 0);
            act = format!("{act} as k where {condition}");
        } else if shape == Shape::Power {
            act = match self.dice.below(3) {
                0 => "act(on: any as x)".to_owned(),
                1 => "aid(on: any as x)".to_owned(),
                _ => format!("{act} as k"),
            };
        } else if self.one_in(8) {
            act = self.pick(&["act(to: any of G as x)", "w1 as k", "hit(to: any as x) as k"]).to_owned();
        }
        piece.or(act, &["act"]);
        let several = self.dice.below(if jointly { 2 } else { 9 });
        let counts = !matches!(shape, Shape::Ban | Shape::May | Shape::Power | Shape::Open);
        if several == 0 && counts {
            let many = self.pick(&["1", "2", "2", "3"]).to_owned();
            let many = if let Some(number) = names.numbers.first().filter(|_| self.dice.one_in(2)) {
                number.clone()
            } else {
                many
            };
            piece.or(format!("at least {many} times"), if jointly { &["at least 2 times"] } else { &[""] });
            return;
        }
        if several == 1 && counts {
            // A total asks for acts that hold an amount.
            piece.bits.pop();
            let act = format!(
                "act({})",
                if self.one_in(2) {
                    self.event_of(names, HIT).map_or(String::new(), |on| format!("on: {on}"))
                } else {
                    String::new()
                }
            );
            piece.or(act, &["act"]);
            let much = self.pick(&["2 usd", "4 usd", "1 kusd", "90 % of 5 usd", "quota(A) * 1 usd"]);
            piece.must(format!("totalling at least {much} of v"));
            return;
        }
        if self.one_in(5) {
            let kind = *self.dice.pick(&[ACT, AID, HIT]);
            let other = self.pattern(kind, names, false);
            let other = if other.ends_with(')') { other } else { format!("{other}()") };
            piece.may(format!("or {other}"));
        }
        if self.one_in(14) && matches!(shape, Shape::Duty | Shape::Open) {
            piece.may("at its discretion");
        }
    }

    fn decision(&mut self, piece: &mut Piece, names: &Names) {
        let on = self.event_of(names, HIT);
        let on = on.or_else(|| names.events.first().map(|it| it.0.clone())).or_else(|| names.moments.first().cloned());
        let on = on.or_else(|| names.ticks.first().cloned()).unwrap_or_else(|| "A".to_owned());
        let ballots = match self.event_of(names, HIT) {
            Some(hit) if !self.one_in(5) => format!("vote(on: {hit})"),
            _ => KINDS[VOTE].name.to_owned(),
        };
        let rules = ["unanimity", "consensus", "silence", "majority", "two thirds", "three quarters", "at least 2"];
        let rule = self.pick(&rules);
        let cast = |maker: &mut Maker| if maker.one_in(3) { "votes cast in " } else { "" };
        let first = cast(self);
        piece.must(format!("decide on {on} by {rule} of {first}{ballots}"));
        if self.one_in(3) {
            let (rule, cast) = (self.pick(&rules), cast(self));
            piece.may(format!("failing which {rule} of {cast}{ballots}"));
        }
        if self.one_in(3) {
            piece.may(format!("with quorum {}", self.pick(&["1", "2", "3"])));
        }
        if self.one_in(2) {
            piece.may(format!("subject to veto by {}", self.pick(&["A", "B", "few", "C, D"])));
        }
    }

    /// What becomes of other articles, or of the treaty.
    fn effect(&mut self, names: &Names, of_itself: bool) -> String {
        if self.one_in(7) {
            let what = self.pick(&["is suspended", "ends"]);
            let whom = if self.one_in(2) { format!(" for {}", self.party(names)) } else { String::new() };
            let after = if self.one_in(3) { format!(" after {}", self.length()) } else { String::new() };
            let until = if what == "is suspended" && self.one_in(2) {
                format!(" until {}", self.occurrence(names, 0))
            } else {
                String::new()
            };
            return format!("the treaty {what}{whom}{until}{after}");
        }
        let mut what = self
            .pick(&[
                "is suspended",
                "is suspended",
                "is suspended",
                "is excused",
                "is excused",
                "is extended by",
                "is extended by",
                "is lifted",
                "ends",
            ])
            .to_owned();
        let label = if what == "is lifted" {
            self.article(|shape| shape == Shape::Ban)
        } else {
            self.article(|shape| shape != Shape::Effect)
        };
        let Some(label) = label.or_else(|| self.article(|_| true)) else { return "the treaty ends".to_owned() };
        if what == "is lifted" && !self.articles.iter().any(|it| it.shape == Shape::Ban) {
            what = "is excused".to_owned();
        }
        if what.ends_with("by") {
            what += &format!(" {}", self.length());
        }
        let mut text = format!("article {label} {what}");
        if self.one_in(4) {
            text += &format!(" for {}", if self.one_in(2) { self.party(names) } else { self.group(names) });
        }
        if self.one_in(5) {
            text += &format!(" towards {}", self.pick(&["A", "B", "G"]));
        }
        if self.one_in(2)
            && let Some(on) = self.event_of(names, HIT)
        {
            text += &format!(" on {on}");
        } else if !of_itself && self.one_in(2) {
            text += " on x";
        }
        if what == "is suspended" {
            text += &match self.dice.below(5) {
                0 => format!(" for {}", self.length()),
                4 => format!(" until {}", self.date()),
                1 | 2 => format!(" until {}", self.occurrence(names, 1)),
                _ => String::new(),
            };
        }
        text
    }

    fn tails(&mut self, piece: &mut Piece, names: &Names, shape: Shape) {
        use Shape::{Ban, Decide, Duty, Effect, Have, Keep, May, Open, Power};
        if shape == Power {
            let mut inner = names.clone();
            if piece.text().contains("any as x") {
                inner.events.push(("x".to_owned(), HIT));
            } else if piece.text().contains("act") && piece.text().contains(" as k") && self.one_in(2) {
                inner.events.push(("k.on".to_owned(), HIT));
            }
            let effect = self.effect(&inner, true);
            piece.must(format!("whereupon {effect}"));
        }
        let mut tail = |maker: &mut Maker, fits: bool, many: usize, text: &mut dyn FnMut(&mut Maker) -> String| {
            if fits && maker.one_in(many) {
                let text = text(maker);
                piece.may(text);
            }
        };
        let owed = matches!(shape, Duty | Have | Open | Keep);
        tail(self, shape != Effect, 6, &mut |it| format!("owed to {}", it.pick(&["A", "B", "D", "G", "H"])));
        tail(self, true, 6, &mut |it| format!("unless {}", it.condition(names, 1)));
        tail(self, shape != Effect, 5, &mut |it| format!("excused by {}", it.occurrence(names, 1)));
        tail(self, !matches!(shape, Effect | Keep | Have | Decide), 9, &mut |it| {
            let second = if it.one_in(3) { format!(" and {}", it.occurrence(names, 0)) } else { String::new() };
            format!("only after {}{second}", it.occurrence(names, 0))
        });
        tail(self, matches!(shape, Duty | Have | Ban | Keep), 5, &mut |it| {
            format!("curable within {}", it.some_time())
        });
        tail(self, matches!(shape, Duty | Have), 9, &mut |_| "lapses on breach".to_owned());
        tail(self, matches!(shape, Duty | Have | Ban | Keep | May), 10, &mut |_| "lapses on exit".to_owned());
        tail(self, !matches!(shape, Effect), 7, &mut |it| format!("suspended while {}", it.condition(names, 0)));
        tail(self, matches!(shape, Duty | Open), 6, &mut |_| "each act counts once".to_owned());
        tail(self, matches!(shape, Duty), 8, &mut |_| "earlier performance counts".to_owned());
        tail(self, matches!(shape, May | Duty | Power), 4, &mut |it| {
            let ban = it.article(|shape| shape == Ban);
            ban.map_or(String::new(), |label| format!("notwithstanding article {label}"))
        });
        tail(self, owed || shape == Ban, 6, &mut |it| {
            let other = it.article(|shape| matches!(shape, Ban | May | Duty));
            other.map_or(String::new(), |label| format!("subject to article {label}"))
        });
        tail(self, shape == Keep, 2, &mut |it| format!("with {} grace", it.length()));
    }
}
