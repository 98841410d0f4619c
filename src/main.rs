fn main() {
    let a: Vec<String> = std::env::args().collect();
    let mut s = tidegate::config::Settings::default();
    if let Some(t) = a.get(2) {
        let c = tidegate::config::Cutover(1_795_348_800_123);
        s.role = match t.as_str() {
            "o" => tidegate::config::Role::Outgoing { cutover: c },
            "i" => tidegate::config::Role::Incoming { cutover: c },
            _ => s.role,
        };
    }
    let t = std::fs::read_to_string(&a[1]).unwrap();
    let r = tidegate::rewrite(&t, &s);
    for d in &r.diagnostics {
        eprintln!(
            "{:?} {} @{} {} | {:?} {:?}",
            d.severity,
            d.name,
            d.span
                .of(&t)
                .chars()
                .take(40)
                .collect::<String>()
                .replace('\n', " "),
            d.message,
            d.notes,
            d.help
        );
    }
    for i in &r.inserts {
        eprintln!("-- {} {:?} {:?}", i.sink, i.verdict, i.gate_time);
    }
    if let Some(t) = r.text {
        print!("{t}");
    }
}
