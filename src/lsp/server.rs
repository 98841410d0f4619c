use super::background::{self, Done, Job, What};
use super::capabilities::capabilities;
use super::client::Client;
use super::dispatch::Dispatch;
use super::handlers;
use super::open::Open;
use super::workspace::{Files, Unusable, Workspace};
use crate::config::{FlinkVersion, Settings};
use crate::diagnostic::Severity;
use crate::ide::Surroundings;
use crossbeam_channel::{Receiver, Sender, after, never, select, unbounded};
use gen_lsp_types as lsp;
use gen_lsp_types::{Notification as _, Request as _, Uri};
use lsp_server::{
    Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId, Response,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// So long nobody types before whole scripts are analysed.
const PAUSE: Duration = Duration::from_millis(120);

/// Bytes of stack for what runs in the background.
const STACK: usize = 64 * 1024 * 1024;

/// Everything that lasts from one message to the next.
struct Server<'a> {
    workspace: Workspace<'a>,
    sender: Sender<Message>,
    jobs: Sender<Job>,
    /// Which documents wait for a pause, and since when.
    due: BTreeMap<Uri, Instant>,
    /// What was said of settings that cannot be used.
    complained: BTreeSet<String>,
    requests: i32,
    /// Which answer of the client gives its settings.
    asked_settings: Option<RequestId>,
}

/// Speaks with a client until it says that it is done.
///
/// # Errors
/// If the client does not keep to the protocol.
pub fn serve(connection: &Connection, files: &dyn Files) -> Result<(), ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let params: lsp::InitializeParams = match serde_json::from_value(params) {
        Ok(params) => params,
        Err(error) => {
            let code = ErrorCode::InvalidParams as i32;
            let _ = connection
                .sender
                .send(Response::new_err(id, code, error.to_string()).into());
            return Ok(());
        }
    };
    let client = Client::new(&params);
    let answer = json!({
        "capabilities": capabilities(&client),
        "serverInfo": { "name": "tidegate", "version": env!("CARGO_PKG_VERSION") },
    });
    connection.initialize_finish(id, answer)?;
    let (jobs, waiting) = unbounded();
    let (done, results) = unbounded();
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK);
        let worker = worker.spawn_scoped(scope, move || background::work(&waiting, &done));
        let mut server = Server {
            workspace: Workspace {
                client,
                open: BTreeMap::new(),
                folders: folders(&params),
                files,
            },
            sender: connection.sender.clone(),
            jobs,
            due: BTreeMap::new(),
            complained: BTreeSet::new(),
            requests: 0,
            asked_settings: None,
        };
        if let Err(error) = worker {
            server.log(
                lsp::MessageType::Error,
                &format!("no second thread: {error}"),
            );
        }
        server.start();
        server.run(connection, &results)
    })
}

fn folders(params: &lsp::InitializeParams) -> Vec<PathBuf> {
    let workspace = &params.workspace_folders_initialize_params.workspace_folders;
    match workspace {
        Some(lsp::WorkspaceFolders::WorkspaceFolderList(folders)) => {
            let paths = folders.iter().filter_map(|f| f.uri.to_file_path().ok());
            paths.collect()
        }
        // Older clients have one folder.
        #[allow(deprecated)]
        _ => {
            let root = params.root_uri.iter().filter_map(|u| u.to_file_path().ok());
            root.collect()
        }
    }
}

impl Server<'_> {
    fn start(&mut self) {
        let mut registrations = Vec::new();
        if self.workspace.client.registers_watchers {
            let watcher = |glob: &str| json!({ "globPattern": glob });
            let watchers = [watcher("**/tidegate.toml"), watcher("**/*.{sql,fsql,ddl}")];
            registrations.push(json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            }));
        }
        if self.workspace.client.registers_settings {
            registrations.push(json!({
                "id": "settings",
                "method": "workspace/didChangeConfiguration",
                "registerOptions": { "section": "tidegate" },
            }));
        }
        if !registrations.is_empty() {
            let params = json!({ "registrations": registrations });
            self.ask("client/registerCapability", params);
        }
        let wrong = std::mem::take(&mut self.workspace.client.misunderstood);
        self.misunderstood(&wrong);
        self.ask_settings();
    }

    fn misunderstood(&mut self, options: &[String]) {
        for option in options {
            let message = format!("the setting tidegate.{option} has a value that it cannot have");
            self.log(lsp::MessageType::Warning, &message);
        }
    }

    fn ask_settings(&mut self) {
        if self.workspace.client.has_settings {
            let params = json!({ "items": [{ "section": "tidegate" }] });
            self.asked_settings =
                Some(self.ask(lsp::ConfigurationRequest::METHOD.as_str(), params));
        }
    }

    fn run(
        &mut self,
        connection: &Connection,
        results: &Receiver<Done>,
    ) -> Result<(), ProtocolError> {
        loop {
            let pause = match self.due.values().min() {
                Some(since) => after((*since + PAUSE).saturating_duration_since(Instant::now())),
                None => never(),
            };
            select! {
                recv(connection.receiver) -> message => match message {
                    Ok(Message::Request(request)) => {
                        if connection.handle_shutdown(&request)? {
                            return Ok(());
                        }
                        self.request(request);
                    }
                    Ok(Message::Notification(notification)) => {
                        let method = notification.method.clone();
                        let run = AssertUnwindSafe(|| self.notification(notification));
                        if catch_unwind(run).is_err() {
                            self.bug(&method);
                        }
                    }
                    Ok(Message::Response(response)) => self.answered(response),
                    Err(_) => return Ok(()),
                },
                recv(results) -> done => if let Ok(done) = done {
                    self.done(done);
                },
                recv(pause) -> _ => self.start_jobs(),
            }
        }
    }

    fn bug(&mut self, what: &str) {
        let message = format!("this is a bug in tidegate: {what} failed; it goes on");
        self.log(lsp::MessageType::Error, &message);
        // Whatever was half done is done again from the text.
        for open in self.workspace.open.values_mut() {
            open.replace(open.document.text().to_owned(), open.around.clone());
            self.due.insert(open.uri.clone(), Instant::now());
        }
    }

    fn request(&mut self, request: Request) {
        let workspace = &self.workspace;
        let dispatch = Dispatch::new(request);
        let dispatch = dispatch
            .on::<lsp::DocumentDiagnosticRequest>(|p| handlers::diagnostics::pull(workspace, p))
            .on::<lsp::CodeActionRequest>(|p| handlers::code_action::handle(workspace, p))
            .on::<lsp::HoverRequest>(|p| handlers::hover::handle(workspace, p))
            .on::<lsp::InlayHintRequest>(|p| handlers::inlay_hint::handle(workspace, p))
            .on::<lsp::CodeLensRequest>(|p| handlers::code_lens::handle(workspace, p))
            .on::<lsp::CompletionRequest>(|p| handlers::completion::handle(workspace, p))
            .on::<lsp::DefinitionRequest>(|p| handlers::names::definition(workspace, p))
            .on::<lsp::ReferencesRequest>(|p| handlers::names::references(workspace, p))
            .on_refusing::<lsp::PrepareRenameRequest>(|p| handlers::names::prepare(workspace, p))
            .on_refusing::<lsp::RenameRequest>(|p| handlers::names::rename(workspace, p))
            .on::<lsp::DocumentSymbolRequest>(|p| handlers::symbols::of_document(workspace, p))
            .on::<lsp::WorkspaceSymbolRequest>(|p| handlers::symbols::of_workspace(workspace, p))
            .on::<lsp::FoldingRangeRequest>(|p| handlers::folding_range::handle(workspace, p))
            .on::<lsp::SemanticTokensRequest>(|p| handlers::semantic_tokens::full(workspace, p))
            .on::<lsp::SemanticTokensRangeRequest>(|p| {
                handlers::semantic_tokens::range(workspace, p)
            })
            .on::<lsp::SelectionRangeRequest>(|p| handlers::selection_range::handle(workspace, p))
            .on_refusing::<lsp::ExecuteCommandRequest>(|p| {
                handlers::rewritten::command(workspace, p)
            })
            .on_refusing::<lsp::TextDocumentContentRequest>(|p| {
                handlers::rewritten::content(workspace, p)
            })
            .method("tidegate/rewritten", |p| {
                Ok(handlers::rewritten::request(workspace, p))
            });
        if let Some(response) = dispatch.finish() {
            let error = response.response_result.as_ref().err();
            let bug = error.filter(|e| e.code == ErrorCode::InternalError as i32);
            if let Some(message) = bug.map(|e| e.message.clone()) {
                self.log(lsp::MessageType::Error, &message);
            }
            self.send(response.into());
        }
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let method = method.as_str();
        if method == lsp::DidOpenTextDocumentNotification::METHOD.as_str() {
            if let Some(params) = self.read::<lsp::DidOpenTextDocumentParams>(method, params) {
                self.opened(params);
            }
        } else if method == lsp::DidChangeTextDocumentNotification::METHOD.as_str() {
            if let Some(params) = self.read::<lsp::DidChangeTextDocumentParams>(method, params) {
                self.changed(params);
            }
        } else if method == lsp::DidCloseTextDocumentNotification::METHOD.as_str() {
            if let Some(params) = self.read::<lsp::DidCloseTextDocumentParams>(method, params) {
                let uri = params.text_document.uri;
                if let Some(open) = self.workspace.open.remove(&uri) {
                    open.next();
                }
                self.due.remove(&uri);
                self.notify_diagnostics(uri, None, Vec::new());
            }
        } else if method == lsp::DidChangeWatchedFilesNotification::METHOD.as_str()
            || method == lsp::DidSaveTextDocumentNotification::METHOD.as_str()
        {
            // A file of the catalog may be one of the scripts.
            self.settings_changed();
        } else if method == lsp::DidChangeConfigurationNotification::METHOD.as_str() {
            match self.workspace.client.has_settings {
                true => self.ask_settings(),
                false => self.take_settings(&params["settings"]["tidegate"]),
            }
        } else if method == lsp::DidChangeWorkspaceFoldersNotification::METHOD.as_str() {
            let read = self.read::<lsp::DidChangeWorkspaceFoldersParams>(method, params);
            if let Some(params) = read {
                let path = |folder: &lsp::WorkspaceFolder| folder.uri.to_file_path().ok();
                let removed: Vec<_> = params.event.removed.iter().filter_map(path).collect();
                self.workspace.folders.retain(|f| !removed.contains(f));
                self.workspace
                    .folders
                    .extend(params.event.added.iter().filter_map(path));
            }
        }
    }

    fn read<T: serde::de::DeserializeOwned>(&mut self, method: &str, params: Value) -> Option<T> {
        match serde_json::from_value(params) {
            Ok(params) => Some(params),
            Err(error) => {
                self.log(lsp::MessageType::Error, &format!("{method}: {error}"));
                None
            }
        }
    }

    fn opened(&mut self, params: lsp::DidOpenTextDocumentParams) {
        let lsp::TextDocumentItem {
            uri, version, text, ..
        } = params.text_document;
        let around = self.surroundings(uri.to_file_path().ok().as_deref(), None);
        self.workspace
            .open
            .insert(uri.clone(), Open::new(uri.clone(), version, text, around));
        self.due.insert(uri, Instant::now() - PAUSE);
    }

    fn changed(&mut self, params: lsp::DidChangeTextDocumentParams) {
        let uri = params.text_document.text_document_identifier.uri;
        let client = &self.workspace.client;
        let Some(open) = self.workspace.open.get_mut(&uri) else {
            return;
        };
        open.version = params.text_document.version;
        for change in params.content_changes {
            match change {
                lsp::TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let span = open.span(change.range, client);
                    open.edit(span, &change.text);
                }
                lsp::TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(
                    change,
                ) => open.replace(change.text, open.around.clone()),
            }
        }
        self.due.insert(uri.clone(), Instant::now());
        self.publish(&uri);
    }

    /// The settings that hold for a script. What is wrong with them is said once; then those hold
    /// that held before, or the defaults.
    fn surroundings(
        &mut self,
        path: Option<&Path>,
        before: Option<&Arc<Surroundings>>,
    ) -> Arc<Surroundings> {
        let mut wrong = Vec::new();
        let mut settings = match self.workspace.files.settings(path) {
            Ok(settings) => settings,
            Err(Unusable(why)) => {
                wrong.push(why);
                before.map_or_else(Settings::default, |around| around.settings.clone())
            }
        };
        if let Some(flink) = &self.workspace.client.options.flink {
            match FlinkVersion::try_from(flink.clone()) {
                Ok(version) => settings.flink = version,
                Err(error) => wrong.push(format!("the setting tidegate.flink: {error}")),
            }
        }
        let around = Surroundings::new(settings).unwrap_or_else(|unknown| {
            wrong.push(format!("tidegate.toml: {unknown}"));
            Surroundings::of_defaults()
        });
        for why in wrong {
            if self.complained.insert(why.clone()) {
                let params = lsp::ShowMessageParams {
                    kind: lsp::MessageType::Warning,
                    message: format!("tidegate: {why}"),
                };
                self.notify(lsp::ShowMessageNotification::METHOD.as_str(), json!(params));
            }
        }
        Arc::new(around)
    }

    /// Reads the settings of all documents again.
    fn settings_changed(&mut self) {
        self.complained.clear();
        let all: Vec<_> = self
            .workspace
            .open
            .values()
            .map(|open| (open.uri.clone(), open.path.clone(), open.around.clone()))
            .collect();
        for (uri, path, before) in all {
            let around = self.surroundings(path.as_deref(), Some(&before));
            let Some(open) = self.workspace.open.get_mut(&uri) else {
                continue;
            };
            if open.around.settings != around.settings {
                let findings = std::mem::take(&mut open.findings);
                let summary = std::mem::take(&mut open.summary);
                open.replace(open.document.text().to_owned(), around);
                // They stay until there are others.
                (open.findings, open.summary) = (findings, summary);
                self.due.insert(uri, Instant::now() - PAUSE);
            }
        }
    }

    fn take_settings(&mut self, settings: &Value) {
        let (options, wrong) = self.workspace.client.options.with(settings);
        self.misunderstood(&wrong);
        if options == self.workspace.client.options {
            return;
        }
        self.workspace.client.options = options;
        self.settings_changed();
        // What is shown may be switched on or off.
        let open: Vec<Uri> = self.workspace.open.keys().cloned().collect();
        open.iter().for_each(|uri| self.refresh(uri));
        for uri in self.workspace.open.keys() {
            self.due.insert(uri.clone(), Instant::now() - PAUSE);
        }
    }

    fn answered(&mut self, response: Response) {
        if self
            .asked_settings
            .take_if(|id| *id == response.id)
            .is_none()
        {
            return;
        }
        if let Ok(Value::Array(answers)) = response.response_result {
            self.take_settings(answers.first().unwrap_or(&Value::Null));
        }
    }

    fn start_jobs(&mut self) {
        let now = Instant::now();
        let ready = |since: &&mut Instant| now >= **since + PAUSE;
        let ready: Vec<Uri> = self
            .due
            .iter_mut()
            .filter(|(_, since)| ready(since))
            .map(|(uri, _)| uri.clone())
            .collect();
        for uri in ready {
            self.due.remove(&uri);
            let Some(open) = self.workspace.open.get(&uri) else {
                continue;
            };
            let _ = self.jobs.send(Job {
                text: open.document.text().to_owned(),
                around: open.around.clone(),
                at: open.at(),
                revision: open.revision.clone(),
                plan: self.workspace.client.options.validate && open.around.settings.validate,
                uri,
            });
        }
    }

    fn done(&mut self, done: Done) {
        if let What::Panic(message) = &done.what {
            let message = format!("this is a bug in tidegate: {message}");
            self.log(lsp::MessageType::Error, &message);
            return;
        }
        let Some(open) = self.workspace.open.get_mut(&done.uri) else {
            return;
        };
        if open.at() != done.at {
            return;
        }
        match done.what {
            What::Whole(said, summary) => {
                open.settle(said, *summary);
                if !open.around.settings.validate || !self.workspace.client.options.validate {
                    open.findings.proven(Vec::new());
                }
                self.refresh(&done.uri);
            }
            What::Proof(proven) => open.findings.proven(proven),
            What::Panic(_) => return,
        }
        self.publish(&done.uri);
        if self.workspace.client.pulls_diagnostics {
            self.ask(lsp::DiagnosticRefreshRequest::METHOD.as_str(), Value::Null);
        }
    }

    /// Tells the client that there is something new besides findings.
    fn refresh(&mut self, uri: &Uri) {
        if self.workspace.client.refreshes_hints {
            self.ask(lsp::InlayHintRefreshRequest::METHOD.as_str(), Value::Null);
        }
        if self.workspace.client.refreshes_lenses {
            self.ask(lsp::CodeLensRefreshRequest::METHOD.as_str(), Value::Null);
        }
        if let Some(uri) =
            handlers::rewritten::uri(uri).filter(|_| self.workspace.client.refreshes_content)
        {
            let method = lsp::TextDocumentContentRefreshRequest::METHOD.as_str();
            self.ask(method, json!({ "uri": uri }));
        }
    }

    fn publish(&mut self, uri: &Uri) {
        let Some(open) = self.workspace.open.get(uri) else {
            return;
        };
        let found = open.found();
        let count = |severity| found.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        let status = self.workspace.client.options.status.then(|| {
            let state = match (errors, warnings) {
                (1.., _) => "errors",
                (0, 1..) => "warnings",
                (0, 0) => "ok",
            };
            json!({
                "uri": uri,
                "state": state,
                "summary": open.summary.title,
                "errors": errors,
                "warnings": warnings,
            })
        });
        if !self.workspace.client.pulls_diagnostics {
            let diagnostics = found
                .iter()
                .map(|d| open.diagnostic(d, &self.workspace.client));
            let (version, diagnostics) = (open.version, diagnostics.collect());
            self.notify_diagnostics(uri.clone(), Some(version), diagnostics);
        }
        if let Some(status) = status {
            self.notify("tidegate/status", status);
        }
    }

    fn notify_diagnostics(
        &mut self,
        uri: Uri,
        version: Option<i32>,
        diagnostics: Vec<lsp::Diagnostic>,
    ) {
        let params = lsp::PublishDiagnosticsParams {
            uri,
            version,
            diagnostics,
        };
        let method = lsp::PublishDiagnosticsNotification::METHOD.as_str();
        self.notify(method, json!(params));
    }

    fn log(&mut self, kind: lsp::MessageType, message: &str) {
        let message = message.to_owned();
        let params = lsp::LogMessageParams { kind, message };
        self.notify(lsp::LogMessageNotification::METHOD.as_str(), json!(params));
    }

    fn notify(&self, method: &str, params: Value) {
        let method = method.to_owned();
        self.send(Notification { method, params }.into());
    }

    fn ask(&mut self, method: &str, params: Value) -> RequestId {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        let method = method.to_owned();
        let request = Request {
            id: id.clone(),
            method,
            params,
        };
        self.send(request.into());
        id
    }

    /// A client that has gone away needs no answer.
    fn send(&self, message: Message) {
        let _ = self.sender.send(message);
    }
}
