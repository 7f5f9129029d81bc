//! Which constructs made-up treaties hold, as the programs that they become show them.

use std::collections::BTreeSet;

/// What has to occur, as `Debug` writes the model: a name where one variant alone is called so, else more around it.
pub const CONSTRUCTS: &[&str] = &[
    // Triggers.
    "trigger: EntryIntoForce", "trigger: Event {", "trigger: Moment {", "trigger: Other(", "trigger: First(",
    "trigger: Several {", "trigger: Once {", "trigger: Every {", "latest: Some(", "again: Some(Ignored)",
    "again: Some(Restarts)", "lets: [(", "for_each: Some(",
    // Subjects.
    "Single(", "Each {", "bind: Some(", "together: true", "together: false", "portion: Some(Majority)",
    "portion: Some(TwoThirds)", "portion: Some(ThreeQuarters)", "portion: None", "subject: Jointly(", "subject: Nobody",
    // Modals and deeds.
    "modal: Shall,", "modal: ShallNot", "modal: Endeavour", "modal: May", "deed: Acts(", "deed: Keep(", "deed: Have(",
    "deed: Decide(", "deed: Effect(", "amount: Some(Times(", "amount: Some(Total(", "discretion: true",
    "want: Bearer", "want: Any {", "want: Is(",
    // Decisions.
    "majority: Unanimity", "majority: Consensus", "majority: Silence", "majority: Majority", "majority: TwoThirds",
    "majority: ThreeQuarters", "majority: AtLeast(", "of_votes_cast: true", "fallback: Some(", "quorum: Some(",
    "veto: [Members",
    // Effects.
    "kind: Suspended", "kind: Excused", "kind: Extended(", "kind: Lifted", "kind: Ends", "articles: None",
    "extension: Some(", "bearers: [Members", "claimants: [Members", "delay: Some(", "until: Some(On(",
    "until: Some(After(", "until: Some(On(At(",
    // Windows.
    "closes: Some(After(", "closes: Some(At(", "closes: Some(AfterOccurrence(", "closes: Some(On(",
    "closes: Some(Before(", "closes: Some(Day {", "closes: Some(Earliest(", "closes: Some(Latest(",
    "opens: Some(After(", "opens: Some(At(", "opens: Some(On(", "opens: Some(Before(", "opens: Some(Day {",
    "opens: Some(AfterOccurrence(", "only: true", "target: true", "exclusive: true", "counting: Some(Elapsed)",
    "counting: Some(CalendarDays)", "counting: Some(InclusiveDays)", "counting: Some(ClearDays)", "business_days: Some(",
    // Tails.
    "claimant: Some(", "unless: [Value(", "excused_by: [Pattern(", "OnlyAfter([", "Curable(", "LapsesOnBreach", "LapsesOnExit",
    "SuspendedWhile(", "EachOnce", "Earlier", "Notwithstanding([", "SubjectTo([", "Grace(", "Whereupon(",
    // What happens.
    "Pattern(Pattern", "Moment(ArticleMoment", "Turn {", "begins: true", "begins: false", "At(Constant(Instant", "At(Ask(",
    "EntryIntoForce(", "Expiry(", "Any([", "all: true", "on: Some(Slot",
    // Conditions and values.
    "And([", "Or([", "Not(", "Compare(", "In(", "Given(", "Value(", "Status(ArticleMoment", "InBreach(ArticleMoment",
    "Ask(", "Group(GroupId", "Territory(", "Arithmetic(", "State(StateId", "Tally(TallyId", "Schedule(ScheduleId",
    "Condition(", "kind: Members(", "kind: Count(", "kind: Sum(", "kind: Latest(", "kind: Duration(", "kind: Number(",
    "period: Some(Last(", "period: Some(Calendar(Day, true", "period: Some(Calendar(Week", "period: Some(Calendar(Month",
    "period: Some(Calendar(Quarter", "period: Some(Calendar(Year", "false))", "period: Some(Since(", "period: None",
    "Field(", "Reported", "Id)", "Day(", "Month(", "Year(", " By)", "Cause", "Due", "Established", "OfEither(", "Bound(",
    // The life of treaties and articles.
    "entry: FirstEvent", "entry: At(", "entry: When(", "parties: 2", "among: Some(", "expiry: Some(After(",
    "expiry: Some(At(", "expiry: Some(On(", "renewal: Some(", "withdrawal: Some(", "notice: Some(", "notice: None",
    "signed: Some(", "entry: Some(At(", "entry: Some(When(", "moment: Triggered", "moment: Met", "moment: Breached",
    "moment: Excused", "moment: Late", "moment: Cured", "moment: Suspended", "moment: Lapses", "moment: EntersIntoForce",
    "moment: Ends", "moment: Adopted", "moment: Rejected", "moment: Blocked", "moment: Fails",
    // Declarations.
    "joined: Some(", "left: Some(", "from: Some(Instant", "until: Some(Instant", "holds_at_entry: true",
    "parameters: [Binding", "adds: [(", "subtracts: [(", "established: Some(",
];

/// Takes what occurs in a text out of what is still to be found.
pub fn find(shown: &str, missing: &mut BTreeSet<&'static str>) {
    missing.retain(|construct| !shown.contains(construct));
}
