//! What the name of a column says of the time in it.

use crate::config::Unit;

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// When the row happened, in so many words: `event_time`, `occurredAt`, `rowtime`.
    EventTime,
    /// Some time of the row: `ts`, `created_at`, `orderTime`.
    Time,
    /// When the row came by: `ingest_time`, `kafka_ts`. In order, but of the transport and not of the event.
    Arrival,
    /// One time among several of what the row is about: `last_login`, `first_seen`.
    OfSubject,
    /// A time that is not that of the row: `window_end`, `birthday`, `valid_to`.
    Other,
    /// Nothing about time.
    Nothing,
}

pub(super) fn says(name: &str) -> Says {
    let words = words(name);
    let whole = words.concat();
    let any = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    let starts = |list: &[&str]| list.iter().any(|start| whole.starts_with(start));
    if NOT_OF_THE_ROW.contains(&whole.as_str())
        || any(&NEVER)
        || starts(&["validfrom", "validto", "effective"])
        || ["windowstart", "windowend"]
            .iter()
            .any(|end| whole.ends_with(end))
    {
        return Says::Other;
    }
    let is_time = any(&TIME) || TIME_ENDS.iter().any(|end| whole.ends_with(end));
    if any(&ONE_OF_SEVERAL) && !any(&CHANGES) {
        return Says::OfSubject;
    }
    match () {
        () if !is_time && !whole.starts_with("rowtime") => Says::Nothing,
        () if any(&ARRIVAL) || starts(&["ingest", "proctime"]) => Says::Arrival,
        () if any(&EVENT) || starts(&["event", "rowtime"]) => Says::EventTime,
        () => Says::Time,
    }
}

/// What is counted, where the name says it.
pub(super) fn unit(name: &str) -> Option<Unit> {
    let words = words(name);
    let whole = words.concat();
    let named = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    match () {
        () if named(&["ms", "msec", "millis", "milliseconds", "millisecond"])
            || whole.ends_with("millis") =>
        {
            Some(Unit::Milliseconds)
        }
        () if named(&["us", "micros", "microseconds"]) || whole.ends_with("micros") => {
            Some(Unit::Microseconds)
        }
        () if named(&["ns", "nanos", "nanoseconds"]) || whole.ends_with("nanos") => {
            Some(Unit::Nanoseconds)
        }
        () if named(&["s", "sec", "secs", "seconds"]) => Some(Unit::Seconds),
        () => None,
    }
}

/// Does the name say that something else than a point in time is counted?
pub(super) fn is_duration(name: &str) -> bool {
    words(name).iter().any(|w| DURATIONS.contains(&w.as_str()))
}

const NOT_OF_THE_ROW: [&str; 3] = ["windowtime", "dt", "dob"];

const NEVER: [&str; 28] = [
    "anniversary",
    "appointment",
    "birth",
    "birthdate",
    "birthday",
    "deadline",
    "due",
    "eta",
    "estimated",
    "expected",
    "expiration",
    "expire",
    "expired",
    "expires",
    "expiring",
    "expirationtime",
    "expiretime",
    "expiry",
    "expirydate",
    "hire",
    "maturity",
    "planned",
    "promised",
    "schedule",
    "scheduled",
    "termination",
    "until",
    "valid",
];

const TIME: [&str; 16] = [
    "at",
    "date",
    "datetime",
    "epoch",
    "millis",
    "modified",
    "occurred",
    "time",
    "times",
    "timestamp",
    "timestamps",
    "ts",
    "tstamp",
    "updated",
    "when",
    "created",
];

const TIME_ENDS: [&str; 4] = ["time", "timestamp", "date", "datetime"];

const ARRIVAL: [&str; 20] = [
    "arrival",
    "arrived",
    "consumed",
    "etl",
    "ingest",
    "ingested",
    "ingestion",
    "inserted",
    "kafka",
    "load",
    "loaded",
    "proc",
    "processed",
    "processing",
    "published",
    "received",
    "stored",
    "sync",
    "synced",
    "written",
];

const EVENT: [&str; 5] = ["event", "happened", "occurred", "occurrence", "rowtime"];

const ONE_OF_SEVERAL: [&str; 9] = [
    "first", "last", "latest", "max", "min", "next", "prev", "previous", "earliest",
];

/// With these the last one is that of the row.
const CHANGES: [&str; 6] = [
    "change", "changed", "modified", "modify", "update", "updated",
];

const DURATIONS: [&str; 17] = [
    "age", "cost", "delay", "diff", "duration", "elapsed", "interval", "lag", "latency", "length",
    "lifetime", "offset", "period", "timeout", "took", "ttl", "uptime",
];

/// The words of a name in lower case: parted by `_`, `-`, `.` and by capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(c) = letters.next() {
        let capital = c.is_uppercase()
            && (before.is_lowercase()
                || before.is_numeric()
                || before.is_uppercase() && letters.peek().is_some_and(|n| n.is_lowercase()));
        if !c.is_alphanumeric() || capital {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_say() {
        let cases = [
            ("event_time", Says::EventTime),
            ("eventTime", Says::EventTime),
            ("eventtimestamp", Says::EventTime),
            ("EVENT_TS", Says::EventTime),
            ("occurredAt", Says::EventTime),
            ("rowtime", Says::EventTime),
            ("rowtime_3", Says::EventTime),
            ("last_event_time", Says::OfSubject),
            ("lastLogin", Says::OfSubject),
            ("first_seen", Says::OfSubject),
            ("last_updated", Says::Time),
            ("last_modified_time", Says::Time),
            ("ts", Says::Time),
            ("order_time", Says::Time),
            ("ordertime", Says::Time),
            ("createdAt", Says::Time),
            ("updated_at", Says::Time),
            ("updated_ms", Says::Time),
            ("modified", Says::Time),
            ("timestamp", Says::Time),
            ("start_time", Says::Time),
            ("ingest_time", Says::Arrival),
            ("_ingest_time", Says::Arrival),
            ("proctime", Says::Arrival),
            ("proc_time", Says::Arrival),
            ("kafka_timestamp", Says::Arrival),
            ("window_end", Says::Other),
            ("windowEnd", Says::Other),
            ("trip_window_start", Says::Other),
            ("eta_time", Says::Other),
            ("birthday", Says::Other),
            ("date_of_birth", Says::Other),
            ("dt", Says::Other),
            ("valid_from", Says::Other),
            ("validTo", Says::Other),
            ("expires_at", Says::Other),
            ("expirationTime", Says::Other),
            ("due_date", Says::Other),
            ("hire_date", Says::Other),
            ("id", Says::Nothing),
            ("status", Says::Nothing),
            ("category", Says::Nothing),
            ("items", Says::Nothing),
            ("a1", Says::Nothing),
        ];
        for (name, expected) in cases {
            assert_eq!(says(name), expected, "{name}");
        }
    }

    #[test]
    fn units_in_names() {
        let cases = [
            ("ts_ms", Some(Unit::Milliseconds)),
            ("eventTimeMillis", Some(Unit::Milliseconds)),
            ("createdmillis", Some(Unit::Milliseconds)),
            ("epoch_s", Some(Unit::Seconds)),
            ("time_seconds", Some(Unit::Seconds)),
            ("ts_us", Some(Unit::Microseconds)),
            ("timestampNanos", Some(Unit::Nanoseconds)),
            ("ts", None),
            ("items", None),
            ("status", None),
        ];
        for (name, expected) in cases {
            assert_eq!(unit(name), expected, "{name}");
        }
        assert!(is_duration("latency_ms"));
        assert!(is_duration("sessionTimeout"));
        assert!(!is_duration("ts_ms"));
    }
}
