//! A log forgets the events that nobody will ask for, and what is left stays as it was.

use servanda::arena::Id;
use servanda::event::{Log, Record};
use servanda::model::{EventId, KindId, Value};
use servanda::source::SourceId;
use servanda::time::Instant;

/// Appends event number `number`, of as many fields as the number modulo 3, each field the number.
fn append(log: &mut Log, number: usize) -> EventId {
    let at = Instant::MIN.plus_micros(i64::try_from(number).unwrap());
    let name = format!("event {number}");
    let id = (!number.is_multiple_of(4)).then_some(name.as_str());
    let (kind, source) = (KindId::from_index(0), SourceId::default());
    let record = Record { kind, at, latest: at, reported: at, id, line: number + 1, start: 0, source };
    log.append(&record, (0..number % 3).map(|_| Value::Number(number.into())))
}

/// Checks that exactly these events are held, each with its own fields and identifier.
fn holds(log: &Log, numbers: &[usize]) {
    let ids: Vec<_> = log.events.ids().map(Id::index).collect();
    assert_eq!(ids, numbers);
    assert_eq!(log.events.len(), numbers.len());
    assert_eq!(log.events.entries().map(|(id, _)| id.index()).collect::<Vec<_>>(), numbers);
    for number in numbers {
        let event = log.events.get(EventId::from_index(*number)).unwrap();
        assert_eq!(event.line, number + 1);
        assert_eq!(log.fields(event), vec![Value::Number((*number).into()); number % 3]);
        let id = if number % 4 == 0 { format!("#{}", number + 1) } else { format!("event {number}") };
        assert_eq!(log.id_of(event), id);
    }
}

#[test]
fn what_is_kept_stays_as_it_was_and_no_number_is_given_twice() {
    let mut log = Log::default();
    for number in 0..100 {
        assert_eq!(append(&mut log, number).index(), number);
    }
    log.forget(&|id| id.index().is_multiple_of(7));
    let kept: Vec<_> = (0..100).filter(|number| number % 7 == 0).collect();
    holds(&log, &kept);
    assert!(log.events.get(EventId::from_index(1)).is_none());
    assert!(log.fields(log.events.at(EventId::from_index(1))).is_empty());

    assert_eq!(append(&mut log, 100).index(), 100);
    assert_eq!(append(&mut log, 101).index(), 101);
    let both: Vec<_> = kept.iter().copied().chain([100, 101]).collect();
    holds(&log, &both);
    let at = |number: i64| Instant::MIN.plus_micros(number);
    assert_eq!(log.events.first_where(|event| event.at >= at(50)).index(), 56);
    assert_eq!(log.events.first_where(|event| event.at >= at(99)).index(), 100);
    assert_eq!(log.events.first_where(|event| event.at >= at(200)).index(), 102);

    log.forget(&|id| id.index() > 90);
    holds(&log, &[91, 98, 100, 101]);
    log.forget(&|_| false);
    holds(&log, &[]);
    assert_eq!(append(&mut log, 102).index(), 102);
}

#[test]
fn a_log_can_be_written_and_read_again() {
    let mut log = Log::default();
    for number in 0..10 {
        append(&mut log, number);
    }
    log.forget(&|id| id.index() % 2 == 1);
    append(&mut log, 10);
    let written = serde_json::to_string(&log).unwrap();
    let mut read: Log = serde_json::from_str(&written).unwrap();
    holds(&read, &[1, 3, 5, 7, 9, 10]);
    assert_eq!(append(&mut read, 11).index(), 11);
}
