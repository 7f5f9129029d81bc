//! Made-up treaties: headers, declarations and how many articles.

use super::dice::Dice;
use super::maker::{Maker, Names, Planned, Shape};
use super::text::{self, Piece, has_word};
use super::window::LENGTHS;
use super::words::{ACT, AID, CLAIM, FIXED, KINDS};

/// The days around which a treaty turns: clock changes of Kyiv, and the end of a February.
const BEGINNINGS: [(i32, u32, u32); 3] = [(2026, 3, 27), (2026, 10, 23), (2026, 2, 26)];

/// The labels that articles may have: of two under one number the number means both, and two of one label are an amendment.
const LABELS: [[&str; 5]; 4] =
    [["1", "2", "3", "4", "5"], ["1", "2", "3", "4", "5"], ["1.1", "1.2", "2", "3", "4"], ["1", "1", "2", "3", "4"]];

/// A treaty of a seed.
pub fn treaty(seed: u64) -> Vec<Piece> {
    let mut dice = Dice::of(seed);
    let lengths = (0..3).map(|_| LENGTHS[dice.weighed(&[4, 4, 1, 4, 2, 4, 4, 2, 1, 1, 1, 1, 1, 1])]).collect();
    let dates = dates(&mut dice);
    let articles = plan(&mut dice);
    let act = *dice.pick(&[ACT, ACT, AID, AID, CLAIM]);
    let mut maker = Maker {
        dice,
        act,
        articles,
        made: Vec::new(),
        lengths,
        dates,
        has_expiry: false,
        has_signing: false,
        plain: false,
    };
    let mut pieces = Vec::new();
    if !maker.one_in(3) {
        maker.plain = true;
        pieces.push(header(&mut maker));
        maker.plain = false;
    }
    let articles = maker.articles.clone();
    let amended = maker.date();
    for (place, planned) in articles.iter().enumerate() {
        let twice = articles.iter().filter(|it| it.label == planned.label).count() > 1;
        let first = articles[..place].iter().all(|it| it.label != planned.label);
        let dated = match (twice, first) {
            (true, true) => format!("in force until {amended}"),
            (true, false) => format!("in force from {amended}"),
            _ => String::new(),
        };
        if place == 2 && !pieces.is_empty() && maker.one_in(14) {
            pieces.push(Piece::whole(format!("treaty u {{ in force from {} }}", maker.date())));
        }
        pieces.push(maker.sentence(&planned.label, planned.shape, &dated));
    }
    let mut all = declarations(&mut maker, &text::text(&pieces));
    all.extend(pieces);
    all
}

fn dates(dice: &mut Dice) -> Vec<String> {
    let (year, month, day) = *dice.pick(&BEGINNINGS);
    (0..3)
        .map(|_| {
            let day = day + dice.below(6) as u32;
            let last = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month as usize - 1];
            let (month, day) = if day > last { (month + 1, day - last) } else { (month, day) };
            let time = *dice.pick(&["", "", "", "T00:30Z", "T01:00Z", "T12:00Z"]);
            format!("{year}-{month:02}-{day:02}{time}")
        })
        .collect()
}

/// Which articles there are, and what each is about.
fn plan(dice: &mut Dice) -> Vec<Planned> {
    let labels = dice.pick(&LABELS);
    let count = 1 + dice.below(5).max(dice.below(4));
    let shapes = [
        Shape::Duty,
        Shape::Ban,
        Shape::Keep,
        Shape::Have,
        Shape::May,
        Shape::Power,
        Shape::Decide,
        Shape::Effect,
        Shape::Open,
    ];
    labels[..count]
        .iter()
        .map(|label| Planned { label: (*label).to_owned(), shape: shapes[dice.weighed(&[12, 6, 4, 3, 3, 3, 3, 4, 1])] })
        .collect()
}

fn header(maker: &mut Maker) -> Piece {
    let mut piece = Piece::default();
    let none = Names::default();
    piece.must("treaty t {");
    if maker.one_in(3) {
        maker.has_signing = true;
        piece.may(format!("signed {}", &maker.dates[0][..10]));
    }
    let from = match maker.dice.below(10) {
        0..=3 => format!("from {}", maker.date()),
        4 => format!("on {}", maker.occurrence(&none, 1)),
        5 => maker.pick(&["on all of G enter", "on all of few act"]).to_owned(),
        6 => format!("{} after {} {}", maker.length(), maker.pick(&["2", "3"]), maker.pick(&["enter", "hit", "act"])),
        7 => format!("{} after {}", maker.length(), maker.occurrence(&none, 0)),
        _ => String::new(),
    };
    let until = match maker.dice.below(7) {
        0 | 1 => format!("for {}", maker.pick(&["1 week", "3 days", "1 month", "36 hours"])),
        2 => format!("until {}", maker.occurrence(&none, 1)),
        3 if !from.starts_with("from") => format!("until {}", maker.date()),
        _ => String::new(),
    };
    if !from.is_empty() || !until.is_empty() {
        piece.may(format!("in force {from} {until}"));
    }
    maker.has_expiry = until.starts_with("for ");
    if maker.has_expiry && maker.one_in(2) {
        let (term, event, notice) = (
            maker.pick(&["2 days", "1 week", "1 month"]),
            maker.occurrence(&none, 0),
            maker.pick(&["6 hours", "1 day"]),
        );
        piece.may(format!("renewed for {term} unless {event} {notice} before expiry"));
    }
    if maker.one_in(2) {
        piece.may(format!(
            "time zone {}",
            maker.pick(&["Europe/Kyiv", "Europe/Kyiv", "America/New_York", "Asia/Kolkata"])
        ));
    }
    if maker.one_in(3) {
        let policy = maker.pick(&["calendar_days", "inclusive_days", "clear_days", "EU_1182_71", "ETS_76", "UNCITRAL"]);
        piece.may(format!("counting {policy}"));
    }
    if maker.one_in(4) {
        piece.may("calendar cal");
    }
    if maker.one_in(4) {
        let after = if maker.one_in(2) { format!(" after {}", maker.length()) } else { String::new() };
        piece.may(format!("withdrawal by {}{after}", maker.pick(&["leave", "leave", "act", "hit(place: P)"])));
    }
    piece.must("}");
    piece
}

/// What the text speaks of, and what that speaks of in its turn.
fn declarations(maker: &mut Maker, text: &str) -> Vec<Piece> {
    let mut open: Vec<(&str, Piece)> = FIXED[4..].iter().map(|(name, text)| (*name, Piece::whole(*text))).collect();
    open.push(("H", changing(maker)));
    open.push(("w0", Piece::whole("term w0 means hit(by: A) as z where z.n > 1")));
    open.push(("w1", Piece::whole("term w1 means act(to: any of G as y) as z where y != z.by")));
    open.extend(states(maker));
    open.extend(KINDS.iter().map(|kind| (kind.name, Piece::whole(kind.declaration))));
    let mut said = text.to_owned();
    let mut taken: Vec<Piece> = FIXED[..4].iter().map(|(_, text)| Piece::whole(*text)).collect();
    while let Some(found) = open.iter().position(|(name, _)| has_word(&said, name)) {
        let (_, piece) = open.remove(found);
        said += &(piece.text() + "\n");
        taken.push(piece);
    }
    taken
}

fn changing(maker: &mut Maker) -> Piece {
    let mut piece = Piece::default();
    let (from, until) = (maker.date(), maker.date());
    let members = match maker.dice.below(4) {
        0 => "A, B, C".to_owned(),
        1 => format!("A, B from {from}, C"),
        2 => format!("A, B, C until {until}"),
        _ => "A, B".to_owned(),
    };
    piece.must(format!("group H {{ {members} }}"));
    if !maker.one_in(4) {
        piece.may("joined by enter");
    }
    if !maker.one_in(4) {
        let after = if maker.one_in(2) { format!(" after {}", maker.length()) } else { String::new() };
        piece.may(format!("left by leave{after}"));
    }
    piece
}

fn states(maker: &mut Maker) -> Vec<(&'static str, Piece)> {
    let none = Names::default();
    let plain = |maker: &mut Maker, name: &'static str| {
        let mut piece = Piece::default();
        piece.must(format!("state {name} {{"));
        if maker.one_in(4) {
            piece.may("holds at entry into force");
        }
        let (begins, ends) = (maker.occurrence(&none, 1), maker.occurrence(&none, 1));
        // A state neither begins nor ends by itself.
        let own = |text: &str| has_word(text, name) || has_word(text, "s3");
        piece.or(format!("begins on {}", if own(&begins) { "go" } else { &begins }), &["begins on go"]);
        let ends = match maker.dice.below(3) {
            0 => format!("{} after {name} begins", maker.length()),
            _ if own(&ends) => "halt".to_owned(),
            _ => ends,
        };
        piece.may(format!("ends on {ends}"));
        piece.must("}");
        (name, piece)
    };
    let (first, fourth) = (plain(maker, "s0"), plain(maker, "s3"));
    let after = maker.length();
    let one = Piece::whole(format!(
        "state s1(p: party) {{ begins on {} ends on {} }}",
        maker.pick(&["hit(by: p)", "act(by: p)", "hit(to: p) or aid(by: p)", "article 1 is breached by p"]),
        if maker.one_in(3) {
            format!("{after} after s1(p) begins")
        } else {
            maker.pick(&["aid(by: p)", "leave(by: p) or halt", "hit(to: p)"]).to_owned()
        }
    ));
    let two = Piece::whole(format!(
        "state s2(o: place) {{ begins on {} ends on {} }}",
        maker.pick(&["hit(place: o)", "aid(place: o) or go"]),
        maker.pick(&["aid(place: o)", "halt", "hit(place: o, by: B)"]),
    ));
    let tally = Piece::whole(format!(
        "tally t0 {{ starts at {} adds {}.n subtracts aid(){}.n }}",
        maker.pick(&["0", "1", "3"]),
        maker.pick(&["hit()", "hit(by: A)", "hit(place: Q)"]),
        "",
    ));
    let other = Piece::whole(
        "tally t1(p: party) { starts at 0 adds hit(by: p).n as i where (i.place in Q) subtracts aid(by: p).n }",
    );
    vec![first, fourth, ("s1", one), ("s2", two), ("t0", tally), ("t1", other)]
}
