//! Delays of any length.

use super::{Cases, source};

pub(super) fn cases(t: &mut Cases) {
    let delays = [
        "0 s",
        "1 ms",
        "999 ms",
        "1500 ms",
        "99 s",
        "100 s",
        "1 min",
        "99 min",
        "100 min",
        "99 h",
        "100 h",
        "99 d",
        "100 d",
        "999 d",
        "1000 d",
        "19999 d",
        "86399999 ms",
        "8640000001 ms",
    ];
    for (file, columns) in [
        ("delays", "ts TIMESTAMP(3) NOT NULL"),
        ("delays_ltz_hidden", "ts TIMESTAMP_LTZ(6)"),
    ] {
        let of = |delay: &&str| source(delay, columns).src(&format!("delay = '{delay}'"));
        t.show(file, delays.iter().map(of).collect());
    }
    t.show(
        "delays_of",
        vec![
            source("all", "ts TIMESTAMP(3) NOT NULL").toml("[watermark]\ndelay = '1 min'\n"),
            source("all_and_one", "ts TIMESTAMP(3) NOT NULL")
                .toml("[watermark]\ndelay = '1 min'\n[tables.src]\ndelay = '7 s'\n"),
        ],
    );
}
