//! What takes longer than a keystroke: the analysis of whole scripts, and the plans of their queries.

use crate::diagnostic::Diagnostic;
use crate::ide::{self, Document, Proof, Summary, Surroundings};
use crossbeam_channel::{Receiver, Sender};
use gen_lsp_types::Uri;
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A script to be analysed as it was at a revision.
pub struct Job {
    pub uri: Uri,
    pub text: String,
    pub around: Arc<Surroundings>,
    pub at: u64,
    pub revision: Arc<AtomicU64>,
    pub plan: bool,
}

/// What came of one.
pub struct Done {
    pub uri: Uri,
    pub at: u64,
    pub what: What,
}

pub enum What {
    Whole(Vec<Diagnostic>, Box<Summary>),
    Proof(Vec<Diagnostic>),
    /// This is a bug: what it says.
    Panic(String),
}

/// Works until nobody sends jobs any more. Of several for one document only the last one counts.
pub fn work(jobs: &Receiver<Job>, done: &Sender<Done>) {
    // Plans hold for the settings and the catalog that they were made with.
    let mut known: HashMap<Uri, (Arc<Surroundings>, Proof)> = HashMap::new();
    while let Ok(job) = jobs.recv() {
        let mut waiting = BTreeMap::from([(job.uri.clone(), job)]);
        for job in jobs.try_iter() {
            waiting.insert(job.uri.clone(), job);
        }
        for (uri, job) in waiting {
            let fresh = || (job.around.clone(), Proof::default());
            let (around, proof) = known.entry(uri.clone()).or_insert_with(fresh);
            if !Arc::ptr_eq(around, &job.around) {
                (*around, *proof) = fresh();
            }
            let run = catch_unwind(AssertUnwindSafe(|| run(&job, proof, done)));
            if run.is_err() {
                known.remove(&uri);
                let what = What::Panic(format!("the analysis of {uri} failed"));
                let _ = done.send(Done {
                    uri,
                    at: job.at,
                    what,
                });
            }
        }
    }
}

fn run(job: &Job, proof: &mut Proof, done: &Sender<Done>) {
    let is_wanted = || job.revision.load(Ordering::Acquire) == job.at;
    let send = |what| {
        let (uri, at) = (job.uri.clone(), job.at);
        let _ = done.send(Done { uri, at, what });
    };
    if !is_wanted() {
        return;
    }
    let document = Document::new(job.text.clone(), job.around.settings.flink);
    let (said, summary) = ide::whole(&document, &job.around);
    send(What::Whole(said, Box::new(summary)));
    if !job.plan || !is_wanted() {
        return;
    }
    if let Some(proven) = ide::prove(&document, &job.around, proof, &is_wanted) {
        send(What::Proof(proven));
    }
}
