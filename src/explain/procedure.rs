//! The cutover of a script, step by step. `docs/cutover.md` says it in general.

use super::{Explanation, Form, Insert, Role, Step, UngatedState, Verdict};
use crate::config::format_delay;
use crate::time::quote;

/// `jobs`: how many jobs the script's INSERTs are.
pub fn steps(of: &Explanation, jobs: usize) -> Vec<Step> {
    if of.inserts.is_empty() {
        return vec![alone("Nothing to cut over", "the script has no INSERT")];
    }
    let refused = of.inserts.iter().filter(|i| i.verdict == Verdict::Refused);
    let refused: Vec<String> = refused
        .map(|i| format!("{} ({})", i.sink, i.place))
        .collect();
    if !of.is_clean() {
        let mut why = vec![
            "every INSERT needs its gate: what writes without one writes twice while both jobs run"
                .to_owned(),
        ];
        if !refused.is_empty() {
            why.push(format!("refused: {}", refused.join(", ")));
        }
        return vec![Step {
            text: why,
            ..alone("No cutover as the script stands", "")
        }];
    }
    if of.inserts.iter().all(|i| i.verdict == Verdict::LeftAlone) {
        return vec![alone(
            "Nothing to cut over",
            "constant rows have no event time: run the script once",
        )];
    }
    let script = Script { of, jobs };
    let mut steps = Vec::new();
    steps.extend(script.conditions());
    steps.extend(script.constants());
    let mut gates = of.inserts.iter().filter_map(|i| i.gate.as_ref());
    if gates.any(|gate| gate.kind != "cutover") {
        steps.push(alone(
            "Cut over as the gates' function does",
            "one script serves both jobs: the function learns role and T at run time, and how it does is not for the script to say",
        ));
        return steps;
    }
    steps.extend([
        script.first(),
        script.choose(),
        script.rewrite(),
        script.savepoint(),
        script.start(),
        script.wait(),
        script.stop(),
        script.become_first(),
        script.give_up(),
    ]);
    steps
}

fn alone(title: &str, text: &str) -> Step {
    Step {
        title: title.to_owned(),
        text: vec![text.to_owned()],
        commands: Vec::new(),
        if_skipped: None,
    }
}

/// What the steps depend on.
struct Script<'a> {
    of: &'a Explanation,
    jobs: usize,
}

fn step(title: &str, text: Vec<String>, commands: &[&str], if_skipped: &str) -> Step {
    Step {
        title: title.to_owned(),
        text,
        commands: commands.iter().map(|c| (*c).to_owned()).collect(),
        if_skipped: (!if_skipped.is_empty()).then(|| if_skipped.to_owned()),
    }
}

impl Script<'_> {
    fn gated(&self) -> impl Iterator<Item = &Insert> {
        self.of.inserts.iter().filter(|i| i.gate.is_some())
    }

    fn two_sided(&self) -> bool {
        self.gated()
            .any(|i| i.gate.as_ref().is_some_and(|g| g.two_sided))
    }

    fn has_operator(&self, wanted: &[&str]) -> bool {
        self.gated()
            .flat_map(|i| &i.operators)
            .any(|o| wanted.contains(&o.name.as_str()))
    }

    fn sinks(&self, wanted: impl Fn(&Insert) -> bool) -> String {
        let sinks: Vec<&str> = self
            .gated()
            .filter(|i| wanted(i))
            .map(|i| i.sink.as_str())
            .collect();
        sinks.join(", ")
    }

    fn conditions(&self) -> Option<Step> {
        // One that several INSERTs rest on is told once.
        let mut all: Vec<(&str, Vec<String>)> = Vec::new();
        for insert in self.gated() {
            let of = format!("{} ({})", insert.sink, insert.place);
            for condition in &insert.conditions {
                match all.iter_mut().find(|(text, _)| *text == condition.text) {
                    Some((_, inserts)) => inserts.push(of.clone()),
                    None => all.push((&condition.text, vec![of.clone()])),
                }
            }
        }
        let told = |(text, inserts): (&str, Vec<String>)| format!("{}: {text}", inserts.join(", "));
        let text: Vec<String> = all.into_iter().map(told).collect();
        (!text.is_empty()).then(|| {
            step(
                "See that the conditions hold, or accept that they do not",
                text,
                &[],
                "the gate is exact only on these conditions: rows are lost or doubled where one fails",
            )
        })
    }

    fn constants(&self) -> Option<Step> {
        let sinks: Vec<String> = self
            .of
            .inserts
            .iter()
            .filter(|i| i.verdict == Verdict::LeftAlone)
            .map(|i| format!("{} ({})", i.sink, i.place))
            .collect();
        (!sinks.is_empty()).then(|| {
            let text = format!(
                "constant rows have no event time and no gate: {}. Run these INSERTs once, in a script of their own",
                sinks.join(", ")
            );
            step(
                "Take the constant rows out of the script",
                vec![text],
                &[],
                "both jobs write them",
            )
        })
    }

    fn first(&self) -> Step {
        let mut text = vec![
            "a job that runs without gates today is adopted first, on its own: stop it with a savepoint, \
             start this script, whose gates are open, from it"
                .to_owned(),
        ];
        let standing = self
            .gated()
            .all(|i| i.gate.as_ref().is_some_and(|g| g.form == Form::Standing));
        if standing {
            text = vec![
                "the script holds its gates already: nothing to do if the job that runs was started from it"
                    .to_owned(),
            ];
        }
        for (state, what) in [
            (
                UngatedState::NoState,
                "its operators keep no state; what sources and sinks keep is theirs. Where rows go from a source \
                 straight into a sink with a parallelism of its own, the gate gives the source another ID, and \
                 Flink refuses the ungated job's savepoint: start without it",
            ),
            (
                UngatedState::SamePlan,
                "below the gate Flink plans what it planned without it, and the ungated job's savepoint restores \
                 into it (run in Flink 1.20 and 2.3)",
            ),
            (
                UngatedState::LargerState,
                "an operator keeps the event time beside what it kept, unless the query used it there before: \
                 the ungated job's state then does not fit, and Flink refuses to start \
                 (StateMigrationException). Start without it, from a place in the sources far enough back to \
                 fill the state",
            ),
            (
                UngatedState::NotKnown,
                "whether the ungated job's state fits is not known: try it with a copy of a savepoint first",
            ),
        ] {
            let sinks = self.sinks(|i| i.ungated_state == Some(state));
            if !sinks.is_empty() {
                text.push(format!("{sinks}: {what}"));
            }
        }
        if !standing
            && self
                .of
                .sources
                .iter()
                .any(|s| s.rowtime.as_ref().is_some_and(|r| r.added.is_some()))
        {
            text.push(
                "an added watermark may be one operator more behind its source, and Flink's operator IDs \
                 follow from the shape of the job"
                    .to_owned(),
            );
        }
        let command = ["tidegate rewrite SCRIPT --role first -o first.sql"];
        step(
            "Run the job in the role `first`",
            text,
            if standing { &[] } else { &command },
            "an ungated job that runs on beside the incoming one writes all from T on a second time; one that \
             is stopped for the cutover is adopted in the same stop, and the cutover fails if its state does \
             not fit",
        )
    }

    fn choose(&self) -> Step {
        let mut text = Vec::new();
        let mut ahead = String::from(
            "an event time, one for all sinks, chosen before the incoming job starts. The running job must write \
             nothing from T on after the savepoint below: let T lie ahead, later than the watermark that the job \
             has then",
        );
        match self
            .of
            .operator
            .deletion_delay
            .as_ref()
            .map(|d| &d.terms[..])
        {
            Some([bound, skew, ..]) => {
                match bound.ms {
                    Some(ms) => {
                        ahead += &format!(", by {} (the watermark delay)", format_delay(ms))
                    }
                    None => ahead += ", by its watermark delay, which the script does not tell",
                }
                match skew.ms {
                    Some(ms) => {
                        ahead += &format!(" and {} (the alignment's drift)", format_delay(ms))
                    }
                    None => {
                        ahead += " and by how far one subtask runs ahead of another, which nothing bounds here"
                    }
                }
            }
            _ => ahead += ", by the watermark delay",
        }
        ahead += ", and far enough that both jobs run before event time gets there";
        text.push(ahead);
        if self.has_operator(&["window aggregate", "window join", "window Top-N"]) {
            text.push(
                "T may lie inside a window: a window belongs as a whole to the job on whose side of T its \
                 last millisecond lies"
                    .to_owned(),
            );
        }
        let plain = |t: &str| t.starts_with("TIMESTAMP") && !t.starts_with("TIMESTAMP_LTZ");
        let mut types = self
            .of
            .sources
            .iter()
            .filter_map(|s| s.rowtime.as_ref()?.data_type.as_ref());
        if types.any(|t| plain(t)) {
            text.push(
                "event times of the type TIMESTAMP have no zone: T is compared with them as UTC"
                    .to_owned(),
            );
        }
        step(
            "Choose T",
            text,
            &[],
            "rows from T on that the running job writes after the savepoint are written again by the incoming one",
        )
    }

    fn rewrite(&self) -> Step {
        let mut text = vec![
            "the same script, the same tidegate.toml and the same other flags, the same T in both"
                .to_owned(),
        ];
        text.push(if self.two_sided() {
            "literals differ; and at the sinks of updating queries the incoming job filters where the others \
             project, in the same place"
                .to_owned()
        } else {
            "only literals of the gates differ".to_owned()
        });
        step(
            "Rewrite the script for both jobs",
            text,
            &[
                "tidegate rewrite SCRIPT --role outgoing --cutover T -o outgoing.sql",
                "tidegate rewrite SCRIPT --role incoming --cutover T -o incoming.sql",
            ],
            "with two different T the rows between them are lost or written twice",
        )
    }

    fn savepoint(&self) -> Step {
        let mut text = vec![
            "one savepoint for both jobs. Without `--drain`: that would end all windows and write them unfinished"
                .to_owned(),
        ];
        if self.jobs > 1 {
            text.push(format!(
                "outside of a statement set each INSERT is a job of its own: this script is {} jobs, each with \
                 its savepoint, all with one T",
                self.jobs
            ));
        }
        step(
            "Stop the running job with a savepoint",
            text,
            &["flink stop --savepointPath DIRECTORY JOB"],
            "without state the incoming job's windows, joins and groups hold only what it reads itself; with \
             two savepoints the rows between them are lost or written twice",
        )
    }

    fn start(&self) -> Step {
        step(
            "Start both jobs from that savepoint",
            vec![
                format!(
                    "the outgoing one first: it goes on where the running job stopped. In the SQL client, \
                     SET 'execution.state-recovery.path' = 'SAVEPOINT'. With the default restore mode (no claim), since two jobs read it"
                ),
                "the incoming job writes nothing before a row from T on comes".to_owned(),
            ],
            &[],
            "without the outgoing job the rows below T that were not written yet are lost",
        )
    }

    fn wait(&self) -> Step {
        let mut text = vec![
            "until the lowest currentInputWatermark of the outgoing job's sinks, over all subtasks, has passed T"
                .to_owned(),
        ];
        if self.has_operator(&["interval join"]) {
            text.push(
                "behind an interval join Flink holds the watermark back by the wider side of the interval: read \
                 it at the sinks, not at the sources"
                    .to_owned(),
            );
        }
        if self.has_operator(&["temporal join"]) {
            text.push(
                "a temporal join goes on when both its sides do: the versioned table's watermark has to pass T too"
                    .to_owned(),
            );
        }
        for remark in &self.of.remarks {
            if remark.name.ends_with("cleanup-interval") {
                text.push(format!(
                    "{} ({}): {}",
                    remark.name, remark.place, remark.text
                ));
            }
        }
        if self.two_sided() {
            let sinks = self.sinks(|i| i.gate.as_ref().is_some_and(|g| g.two_sided));
            text.push(format!(
                "{sinks}: until then both jobs write the same keys, and the outgoing one may overwrite a newer \
                 value"
            ));
        }
        step(
            "Wait until the outgoing job is past T",
            text,
            &[],
            "rows below T that it has read but not written are lost: the incoming job's gate drops them",
        )
    }

    fn stop(&self) -> Step {
        let of_null = |i: &Insert| i.conditions.iter().any(|c| c.name == "null-event-time");
        let null = if self.gated().any(of_null) {
            ", and rows without an event time,"
        } else {
            ""
        };
        step(
            "Stop the outgoing job with a savepoint",
            vec![format!(
                "its sinks then have committed what they hold. Rows below T that come later{null} are lost from \
                 here on"
            )],
            &["flink stop --savepointPath DIRECTORY OUTGOING_JOB"],
            "a sink that commits with checkpoints leaves what it wrote since the last one behind: rows of the \
             end are lost",
        )
    }

    fn become_first(&self) -> Step {
        let mut text = vec![if self.two_sided() {
            "soon: until then the sinks of updating queries get a retraction before each update. There the \
             filter becomes a projection in the same place; that such a savepoint restores was not run: try it \
             with a copy"
                .to_owned()
        } else {
            "at any time before the next cutover: only literals of the gates change, and with them no operator".to_owned()
        }];
        text.push(
            "stop it with a savepoint, start first.sql from it. The next cutover starts again with the choice of T"
                .to_owned(),
        );
        step(
            "Make the incoming job `first`",
            text,
            &[
                "tidegate rewrite SCRIPT --role first -o first.sql",
                "flink stop --savepointPath DIRECTORY INCOMING_JOB",
            ],
            if self.two_sided() {
                "its gates stay closed below T: late rows are dropped, and each update costs a retraction"
            } else {
                "its gates stay closed below T: late rows are dropped"
            },
        )
    }

    fn give_up(&self) -> Step {
        step(
            "To give up before T is reached",
            vec![
                "as long as no row from T on was read, the incoming job has written nothing: cancel it, and make \
                 the outgoing one `first` with a savepoint"
                    .to_owned(),
            ],
            &[],
            "",
        )
    }
}

/// The role's name as the flag takes it.
pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::First => "first",
        Role::Outgoing => "outgoing",
        Role::Incoming => "incoming",
    }
}

/// A name in backticks, for sentences.
pub(super) fn named(name: &str) -> String {
    quote(name)
}
