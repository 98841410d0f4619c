//! The language server over a connection in memory: what goes in, and what comes out.

use gen_lsp_types::Uri;
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tidegate::config::{CatalogText, Configuration, Settings};
use tidegate::lsp::{Files, Unusable, serve};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Files that are nowhere but here.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<BTreeMap<PathBuf, String>>>);

impl Memory {
    fn write(&self, path: &str, text: &str) {
        let mut files = self.0.lock().unwrap();
        files.insert(PathBuf::from(path), text.to_owned());
    }
}

impl Files for Memory {
    fn settings(&self, script: Option<&Path>) -> Result<Settings, Unusable> {
        let files = self.0.lock().unwrap();
        let mut folders = script.into_iter().flat_map(Path::ancestors).skip(1);
        let Some((folder, text)) =
            folders.find_map(|f| Some((f, files.get(&f.join("tidegate.toml"))?)))
        else {
            return Ok(Settings::default());
        };
        let said = Configuration::parse(text).and_then(|c| c.for_script(None));
        let said = said.map_err(|d| Unusable(d.message))?;
        let mut settings = said.settings;
        for name in said.catalog {
            let path = folder.join(name);
            settings.catalog.push(CatalogText {
                text: files[&path].clone(),
                name: path.display().to_string(),
            });
        }
        Ok(settings)
    }

    fn scripts(&self, folder: &Path) -> Vec<PathBuf> {
        let files = self.0.lock().unwrap();
        let is_script =
            |p: &&PathBuf| p.starts_with(folder) && p.extension().is_some_and(|e| e == "sql");
        files.keys().filter(is_script).cloned().collect()
    }

    fn read(&self, path: &Path) -> Option<String> {
        self.0.lock().unwrap().get(path).cloned()
    }
}

struct Editor {
    connection: Connection,
    server: JoinHandle<()>,
    files: Memory,
    id: i32,
    version: i32,
    /// What came besides answers.
    came: Vec<Message>,
}

const URI: &str = "file:///shop/job.sql";

impl Editor {
    fn new(capabilities: Value, options: Value) -> Self {
        Self::with(Memory::default(), capabilities, options).0
    }

    fn with(files: Memory, capabilities: Value, options: Value) -> (Self, Value) {
        let (server, connection) = Connection::memory();
        let of_server = files.clone();
        let thread = std::thread::spawn(move || serve(&server, &of_server).unwrap());
        let mut editor = Self {
            connection,
            server: thread,
            files,
            id: 0,
            version: 0,
            came: Vec::new(),
        };
        let answer = editor.ask(
            "initialize",
            json!({
                "processId": null,
                "rootUri": null,
                "capabilities": capabilities,
                "initializationOptions": options,
                "workspaceFolders": [{ "uri": "file:///shop", "name": "shop" }],
            }),
        );
        editor.tell("initialized", json!({}));
        (editor, answer.unwrap())
    }

    fn tell(&self, method: &str, params: Value) {
        let method = method.to_owned();
        let message = Notification { method, params };
        self.connection.sender.send(message.into()).unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.id += 1;
        let id = self.id;
        let method = method.to_owned();
        let request = Request {
            id: id.into(),
            method,
            params,
        };
        self.connection.sender.send(request.into()).unwrap();
        loop {
            match self.connection.receiver.recv_timeout(PATIENCE).unwrap() {
                Message::Response(response) if response.id == id.into() => {
                    return response.response_result.map_err(|e| e.message);
                }
                other => self.came.push(other),
            }
        }
    }

    fn ask_at(&mut self, method: &str, text: &str, needle: &str) -> Value {
        let (line, character) = position(text, needle, false);
        let params = json!({
            "textDocument": { "uri": URI },
            "position": { "line": line, "character": character },
        });
        self.ask(method, params).unwrap()
    }

    /// Waits for something besides answers.
    fn wait(&mut self, what: &str, is_it: impl Fn(&Message) -> bool) -> Message {
        loop {
            if let Some(at) = self.came.iter().position(&is_it) {
                return self.came.remove(at);
            }
            let message = self.connection.receiver.recv_timeout(PATIENCE);
            self.came
                .push(message.unwrap_or_else(|_| panic!("no {what}")));
        }
    }

    fn notified(&mut self, method: &str) -> Value {
        match self.wait(
            method,
            |m| matches!(m, Message::Notification(n) if n.method == method),
        ) {
            Message::Notification(n) => n.params,
            _ => unreachable!(),
        }
    }

    fn open(&mut self, text: &str) {
        self.version += 1;
        self.tell(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": URI, "languageId": "sql", "version": self.version, "text": text } }),
        );
    }

    fn change(&mut self, changes: Value) {
        self.version += 1;
        self.tell(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": URI, "version": self.version },
                "contentChanges": changes,
            }),
        );
    }

    /// The names of what is said of this version, of the first publication that has all of these.
    fn said(&mut self, wanted: &[&str]) -> Vec<Value> {
        loop {
            let params = self.notified("textDocument/publishDiagnostics");
            let all = params["diagnostics"].as_array().unwrap().clone();
            let names: Vec<&str> = all.iter().filter_map(|d| d["code"].as_str()).collect();
            if params["version"] == self.version && wanted == names {
                return all;
            }
        }
    }

    fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.tell("exit", Value::Null);
        self.server.join().unwrap();
    }
}

/// Line and column of the end of the first `needle`, 0-based; in bytes or in 16-bit units.
fn position(text: &str, needle: &str, utf16: bool) -> (usize, usize) {
    let at = text.find(needle).expect("it is in the text") + needle.len();
    let line = text[..at].matches('\n').count();
    let before = &text[text[..at].rfind('\n').map_or(0, |i| i + 1)..at];
    let column = match utf16 {
        true => before.encode_utf16().count(),
        false => before.len(),
    };
    (line, column)
}

fn utf8() -> Value {
    json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } })
}

fn quick() -> Value {
    json!({ "validate": false })
}

const SCRIPT: &str = "\
CREATE TABLE orders (
  id BIGINT,
  ts TIMESTAMP(3) NOT NULL
) WITH ('connector' = 'kafka', 'topic' = 'é表🙂', 'properties.bootstrap.servers' = 'k:9092', 'format' = 'json');
CREATE TABLE copies (id BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO copies SELECT id FROM orders;
";

#[test]
fn what_the_server_says_of_itself() {
    let (editor, answer) = Editor::with(Memory::default(), utf8(), quick());
    let mut shown = String::new();
    for (name, value) in answer["capabilities"].as_object().unwrap() {
        writeln!(shown, "{name}: {value}").unwrap();
    }
    insta::assert_snapshot!(shown, @r#"
    codeActionProvider: {"codeActionKinds":["quickfix","refactor.rewrite","source.fixAll","source.fixAll.tidegate"]}
    codeLensProvider: {}
    completionProvider: {"triggerCharacters":[".","'"]}
    definitionProvider: true
    documentSymbolProvider: true
    executeCommandProvider: {"commands":["tidegate.rewritten"]}
    foldingRangeProvider: true
    hoverProvider: true
    inlayHintProvider: true
    positionEncoding: "utf-8"
    referencesProvider: true
    renameProvider: {"prepareProvider":true}
    selectionRangeProvider: true
    semanticTokensProvider: {"full":true,"legend":{"tokenModifiers":[],"tokenTypes":["keyword","function","class","property","macro"]},"range":true}
    textDocumentSync: {"change":2,"openClose":true,"save":true}
    workspace: {"textDocumentContent":{"schemes":["tidegate-rewritten","tidegate-rule"]},"workspaceFolders":{"changeNotifications":true,"supported":true}}
    workspaceSymbolProvider: true
    "#);
    assert_eq!(answer["serverInfo"]["name"], "tidegate");
    editor.end();
}

#[test]
fn findings_come_with_the_version_and_follow_each_edit() {
    for utf16 in [false, true] {
        let capabilities = if utf16 { json!({}) } else { utf8() };
        let mut editor = Editor::new(capabilities, quick());
        editor.open(SCRIPT);
        editor.said(&["missing-watermark"]);
        // In a line with characters of two, three and four bytes.
        let (line, column) = position(SCRIPT, "'é表🙂'", utf16);
        let place = json!({ "line": line, "character": column });
        let edit = |from: &Value, to: &Value, text: &str| json!([{ "range": { "start": from, "end": to }, "text": text }]);
        editor.change(edit(&place, &place, ", 'topik' = 'x'"));
        let said = editor.said(&["missing-watermark", "unknown-connector-option"]);
        assert_eq!(
            said[1]["range"]["start"]["character"],
            column + 2,
            "utf16: {utf16}"
        );
        let end = json!({ "line": line, "character": column + ", 'topik' = 'x'".len() });
        editor.change(edit(&place, &end, ""));
        editor.said(&["missing-watermark"]);
        // Several changes in one message, each on what the one before left.
        let start = json!({ "line": 0, "character": 0 });
        editor.change(json!([
            { "range": { "start": start, "end": start }, "text": "\n" },
            { "range": { "start": start, "end": start }, "text": "SELEC 1;" },
        ]));
        let said = editor.said(&["syntax-error", "missing-watermark"]);
        assert_eq!(said[1]["range"]["start"]["line"], 1);
        // The whole text.
        editor.change(json!([{ "text": "SELECT 1;" }]));
        editor.said(&[]);
        editor.end();
    }
}

#[test]
fn a_fix_is_for_one_version() {
    let mut editor = Editor::new(
        json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } }),
        quick(),
    );
    editor.open("CREATE TABLE t (a INT,) WITH ('connector' = 'datagen');\nSELECT a FROM t;");
    editor.said(&["trailing-comma"]);
    let range =
        json!({ "start": { "line": 0, "character": 20 }, "end": { "line": 0, "character": 22 } });
    let actions = |editor: &mut Editor, only: Value| {
        let context = match only {
            Value::Null => json!({ "diagnostics": [] }),
            only => json!({ "diagnostics": [], "only": [only] }),
        };
        let params = json!({ "textDocument": { "uri": URI }, "range": range, "context": context });
        editor.ask("textDocument/codeAction", params).unwrap()
    };
    let all = actions(&mut editor, Value::Null);
    assert_eq!(all[0]["isPreferred"], true);
    assert_eq!(
        all[0]["edit"]["documentChanges"][0]["textDocument"]["version"],
        1
    );
    assert_eq!(all[0]["diagnostics"][0]["code"], "trailing-comma");
    let titles: Vec<&str> = all
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|a| a["title"].as_str())
        .collect();
    insta::assert_snapshot!(titles.join("\n"), @r#"
    delete the comma
    ignore `trailing-comma` here
    ignore `trailing-comma` in this file
    "#);
    let fixes = actions(&mut editor, json!("source.fixAll"));
    insta::assert_json_snapshot!(fixes, @r#"
    [
      {
        "edit": {
          "documentChanges": [
            {
              "edits": [
                {
                  "newText": "",
                  "range": {
                    "end": {
                      "character": 22,
                      "line": 0
                    },
                    "start": {
                      "character": 21,
                      "line": 0
                    }
                  }
                }
              ],
              "textDocument": {
                "uri": "file:///shop/job.sql",
                "version": 1
              }
            }
          ]
        },
        "kind": "source.fixAll.tidegate",
        "title": "fix all that tidegate can fix safely"
      }
    ]
    "#);
    assert_eq!(actions(&mut editor, json!("refactor.extract")), json!([]));
    editor.end();
}

#[test]
fn plans_come_later() {
    let mut editor = Editor::new(utf8(), json!({}));
    editor.open(&SCRIPT.replace("SELECT id FROM", "SELECT idd FROM"));
    let said = editor.said(&["missing-watermark", "unknown-column"]);
    assert_eq!(
        said[1]["range"]["start"],
        json!({ "line": 5, "character": 26 })
    );
    editor.change(json!([{ "text": SCRIPT }]));
    editor.said(&["missing-watermark"]);
    editor.end();
}

#[test]
fn a_client_that_pulls_is_told_when_to() {
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let (mut editor, answer) = Editor::with(Memory::default(), capabilities, quick());
    assert_eq!(
        answer["capabilities"]["diagnosticProvider"]["identifier"],
        "tidegate"
    );
    editor.open(SCRIPT);
    let is_refresh = |m: &Message| matches!(m, Message::Request(r) if r.method == "workspace/diagnostic/refresh");
    editor.wait("refresh", is_refresh);
    let params = json!({ "textDocument": { "uri": URI } });
    let report = editor.ask("textDocument/diagnostic", params).unwrap();
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"][0]["code"], "missing-watermark");
    let is_pushed = |m: &Message| matches!(m, Message::Notification(n) if n.method == "textDocument/publishDiagnostics");
    assert!(!editor.came.iter().any(is_pushed));
    editor.end();
}

#[test]
fn settings_are_read_again_when_their_file_changes() {
    let files = Memory::default();
    files.write(
        "/shop/ddl.sql",
        "CREATE TABLE orders (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka');",
    );
    let (mut editor, _) = Editor::with(files, utf8(), quick());
    let script = "CREATE TABLE copies (id BIGINT) WITH ('connector' = 'blackhole');\nINSERT INTO copies SELECT id FROM orders;\n";
    editor.open(script);
    editor.said(&["unknown-table"]);
    editor
        .files
        .write("/shop/tidegate.toml", "catalog = [\"ddl.sql\"]\n");
    let changed = json!({ "changes": [{ "uri": "file:///shop/tidegate.toml", "type": 1 }] });
    editor.tell("workspace/didChangeWatchedFiles", changed.clone());
    editor.said(&[]);
    let found = editor.ask_at("textDocument/definition", script, "FROM orders");
    assert_eq!(found["uri"], "file:///shop/ddl.sql");
    assert_eq!(
        found["range"],
        json!({ "start": { "line": 0, "character": 13 }, "end": { "line": 0, "character": 19 } })
    );
    // One that cannot be used is said; then those hold that held before.
    editor
        .files
        .write("/shop/tidegate.toml", "flinc = \"2.3\"\n");
    editor.tell("workspace/didChangeWatchedFiles", changed);
    let shown = editor.notified("window/showMessage");
    assert!(
        shown["message"].as_str().unwrap().contains("flinc"),
        "{shown}"
    );
    editor.change(json!([{ "text": format!("{script}\n") }]));
    editor.said(&[]);
    editor.end();
}

/// A plan that was made with another catalog says nothing of this one.
#[test]
fn plans_are_made_again_when_the_catalog_changes() {
    let files = Memory::default();
    let ddl =
        "CREATE TABLE orders (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka');";
    files.write("/shop/ddl.sql", ddl);
    files.write("/shop/tidegate.toml", "catalog = [\"ddl.sql\"]\n");
    let (mut editor, _) = Editor::with(files, utf8(), json!({}));
    editor.open("CREATE TABLE copies (id BIGINT) WITH ('connector' = 'blackhole');\nINSERT INTO copies SELECT nr FROM orders;\n");
    editor.said(&["unknown-column"]);
    editor
        .files
        .write("/shop/ddl.sql", &ddl.replace("id BIGINT", "nr BIGINT"));
    let changed = json!({ "changes": [{ "uri": "file:///shop/ddl.sql", "type": 2 }] });
    editor.tell("workspace/didChangeWatchedFiles", changed);
    editor.said(&[]);
    editor.end();
}

#[test]
fn options_of_an_editor_are_merged() {
    let options = json!({ "validate": false, "flink": 2, "clientCommands": ["tidegate.showRewritten"], "status": true });
    let capabilities = json!({ "workspace": { "configuration": true } });
    let mut editor = Editor::new(capabilities, options);
    let shown = editor.notified("window/logMessage");
    assert!(
        shown["message"]
            .as_str()
            .unwrap()
            .contains("tidegate.flink"),
        "{shown}"
    );
    editor.open(SCRIPT);
    let status = loop {
        let status = editor.notified("tidegate/status");
        if status["summary"] != Value::Null {
            break status;
        }
    };
    insta::assert_json_snapshot!(status, @r#"
    {
      "errors": 0,
      "state": "ok",
      "summary": "1 watermark · 1 gate · exact",
      "uri": "file:///shop/job.sql",
      "warnings": 0
    }
    "#);
    let lens = |editor: &mut Editor| {
        let params = json!({ "textDocument": { "uri": URI } });
        editor.ask("textDocument/codeLens", params).unwrap()
    };
    let lenses = lens(&mut editor);
    assert_eq!(lenses[0]["command"]["command"], "tidegate.showRewritten");
    assert_eq!(
        lenses[0]["command"]["title"],
        "show rewritten · 1 watermark · 1 gate · exact"
    );
    assert_eq!(lenses.as_array().unwrap().len(), 1);
    let asked = editor.wait(
        "settings",
        |m| matches!(m, Message::Request(r) if r.method == "workspace/configuration"),
    );
    let Message::Request(asked) = asked else {
        unreachable!()
    };
    let answer = lsp_server::Response::new_ok(asked.id, json!([{ "codeLens": false }]));
    editor.connection.sender.send(answer.into()).unwrap();
    assert_eq!(lens(&mut editor), Value::Null);
    editor.end();
}

#[test]
fn the_rewritten_script_is_a_document() {
    let capabilities = json!({ "workspace": { "textDocumentContent": {} }, "general": { "positionEncodings": ["utf-8"] } });
    let mut editor = Editor::new(capabilities, quick());
    editor.open(SCRIPT);
    let refresh = editor.wait(
        "refresh",
        |m| matches!(m, Message::Request(r) if r.method == "workspace/textDocumentContent/refresh"),
    );
    let Message::Request(refresh) = refresh else {
        unreachable!()
    };
    let uri = refresh.params["uri"].as_str().unwrap().to_owned();
    assert_eq!(
        uri,
        "tidegate-rewritten:/shop/job.sql?file%3A%2F%2F%2Fshop%2Fjob.sql"
    );
    let content = |editor: &mut Editor, uri: &str| {
        editor.ask("workspace/textDocumentContent", json!({ "uri": uri }))
    };
    let text = content(&mut editor, &uri).unwrap();
    let rewritten = tidegate::rewrite(SCRIPT, &Settings::default())
        .text
        .unwrap();
    assert_eq!(text["text"], rewritten);
    // Right behind an edit it is that of the new text.
    editor.change(json!([{ "text": SCRIPT.replace("FROM orders", "FROM orders WHERE id > 7") }]));
    let answer = editor
        .ask(
            "tidegate/rewritten",
            json!({ "textDocument": { "uri": URI } }),
        )
        .unwrap();
    assert!(answer["text"].as_str().unwrap().contains("WHERE id > 7"));
    editor.change(json!([{ "text": SCRIPT.replace("FROM orders", "FROM nowhere") }]));
    let command = json!({ "command": "tidegate.rewritten", "arguments": [URI] });
    let answer = editor.ask("workspace/executeCommand", command).unwrap();
    assert_eq!(answer["text"], Value::Null);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .starts_with("cannot be rewritten: ")
    );
    let text = content(&mut editor, &uri).unwrap();
    assert!(
        text["text"]
            .as_str()
            .unwrap()
            .starts_with("-- cannot be rewritten")
    );
    let rule = content(&mut editor, "tidegate-rule:/missing-watermark.md").unwrap();
    assert!(
        rule["text"]
            .as_str()
            .unwrap()
            .starts_with("# missing-watermark (TG001)")
    );
    let refused = content(&mut editor, "tidegate-rule:/missing-watermrk.md").unwrap_err();
    assert!(
        refused.contains("did you mean `missing-watermark`?"),
        "{refused}"
    );
    editor.end();
}

#[test]
fn answers_to_all_that_is_asked_of_a_place() {
    let mut editor = Editor::new(utf8(), quick());
    editor.open(SCRIPT);
    editor.said(&["missing-watermark"]);
    let mut shown = String::new();
    for (method, needle) in [
        ("textDocument/hover", "FROM orders"),
        ("textDocument/definition", "FROM orders"),
        ("textDocument/prepareRename", "FROM orders"),
    ] {
        let answer = editor.ask_at(method, SCRIPT, needle);
        writeln!(shown, "{method}\n{answer:#}\n").unwrap();
    }
    let whole =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let document = json!({ "uri": URI });
    let (line, character) = position(SCRIPT, "FROM orders", false);
    let place = json!({ "line": line, "character": character });
    for (method, params) in [
        (
            "textDocument/references",
            json!({ "textDocument": document, "position": place, "context": { "includeDeclaration": false } }),
        ),
        (
            "textDocument/rename",
            json!({ "textDocument": document, "position": place, "newName": "sales" }),
        ),
        (
            "textDocument/inlayHint",
            json!({ "textDocument": document, "range": whole }),
        ),
        ("textDocument/codeLens", json!({ "textDocument": document })),
        (
            "textDocument/foldingRange",
            json!({ "textDocument": document }),
        ),
        (
            "textDocument/selectionRange",
            json!({ "textDocument": document, "positions": [place] }),
        ),
        (
            "textDocument/semanticTokens/range",
            json!({ "textDocument": document, "range": { "start": { "line": 5, "character": 0 }, "end": { "line": 6, "character": 0 } } }),
        ),
    ] {
        let answer = editor.ask(method, params).unwrap();
        writeln!(shown, "{method}\n{answer}\n").unwrap();
    }
    insta::assert_snapshot!(shown, @r#"
    textDocument/hover
    {
      "contents": {
        "kind": "markdown",
        "value": "table `default_catalog.default_database.orders`\n\n- `id BIGINT`\n- `ts TIMESTAMP(3) NOT NULL` *rowtime (added)*\n\nconnector: `kafka`\n\nwatermark: none of its own; tidegate adds one on `ts`: a timestamp column\n\nevent time: an INSERT reads it as a stream"
      },
      "range": {
        "end": {
          "character": 40,
          "line": 5
        },
        "start": {
          "character": 34,
          "line": 5
        }
      }
    }

    textDocument/definition
    {
      "range": {
        "end": {
          "character": 19,
          "line": 0
        },
        "start": {
          "character": 13,
          "line": 0
        }
      },
      "uri": "file:///shop/job.sql"
    }

    textDocument/prepareRename
    {
      "placeholder": "orders",
      "range": {
        "end": {
          "character": 40,
          "line": 5
        },
        "start": {
          "character": 34,
          "line": 5
        }
      }
    }

    textDocument/references
    [{"range":{"end":{"character":40,"line":5},"start":{"character":34,"line":5}},"uri":"file:///shop/job.sql"}]

    textDocument/rename
    {"changes":{"file:///shop/job.sql":[{"newText":"sales","range":{"end":{"character":19,"line":0},"start":{"character":13,"line":0}}},{"newText":"sales","range":{"end":{"character":40,"line":5},"start":{"character":34,"line":5}}}]}}

    textDocument/inlayHint
    [{"label":" rowtime (added)","paddingLeft":true,"paddingRight":false,"position":{"character":26,"line":2},"tooltip":"tidegate puts a watermark on it: a timestamp column"},{"label":" exact · gate time `ts`","paddingLeft":true,"paddingRight":false,"position":{"character":18,"line":5},"tooltip":"no row is lost or doubled, given rows in time and the cutover procedure\ngate time: `ts`"}]

    textDocument/codeLens
    [{"command":{"command":"","title":"1 watermark · 1 gate · exact"},"range":{"end":{"character":0,"line":0},"start":{"character":0,"line":0}}}]

    textDocument/foldingRange
    [{"endLine":3,"startLine":0}]

    textDocument/selectionRange
    [{"parent":{"parent":{"parent":{"range":{"end":{"character":0,"line":6},"start":{"character":0,"line":0}}},"range":{"end":{"character":41,"line":5},"start":{"character":65,"line":4}}},"range":{"end":{"character":41,"line":5},"start":{"character":0,"line":5}}},"range":{"end":{"character":41,"line":5},"start":{"character":40,"line":5}}}]

    textDocument/semanticTokens/range
    {"data":[5,0,6,0,0,0,7,4,0,0,0,5,6,2,0,0,7,6,0,0,0,7,2,3,0,0,3,4,0,0,0,5,6,2,0]}
    "#);
    let (line, character) = position(SCRIPT, "SELECT ", false);
    let place =
        json!({ "textDocument": document, "position": { "line": line, "character": character } });
    let offered = editor.ask("textDocument/completion", place).unwrap();
    let first = offered["items"]
        .as_array()
        .unwrap()
        .iter()
        .min_by_key(|i| i["sortText"].as_str().unwrap().to_owned());
    insta::assert_json_snapshot!(first, @r#"
    {
      "detail": "BIGINT of orders",
      "kind": 5,
      "label": "id",
      "sortText": "0id",
      "textEdit": {
        "newText": "id",
        "range": {
          "end": {
            "character": 26,
            "line": 5
          },
          "start": {
            "character": 26,
            "line": 5
          }
        }
      }
    }
    "#);
    editor.end();
}

#[test]
fn symbols_of_all_scripts_below_the_folders() {
    let files = Memory::default();
    files.write(
        "/shop/other.sql",
        "CREATE TABLE orders_of_others (id INT) WITH ('connector' = 'datagen');",
    );
    files.write(
        "/elsewhere/not.sql",
        "CREATE TABLE orders_elsewhere (id INT) WITH ('connector' = 'datagen');",
    );
    let (mut editor, _) = Editor::with(files, utf8(), quick());
    editor.open(SCRIPT);
    let found = editor
        .ask("workspace/symbol", json!({ "query": "ORD" }))
        .unwrap();
    let names: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|s| s["name"].as_str())
        .collect();
    assert_eq!(names, ["orders", "orders_of_others"]);
    editor.end();
}

#[test]
fn what_is_wrong_with_a_message_is_an_answer_and_no_end() {
    let mut editor = Editor::new(utf8(), quick());
    editor.open(SCRIPT);
    let unknown = editor.ask("textDocument/nothing", json!({})).unwrap_err();
    assert_eq!(unknown, "tidegate does not know textDocument/nothing");
    assert!(
        editor
            .ask("textDocument/hover", json!({ "position": 1 }))
            .is_err()
    );
    let elsewhere = json!({ "textDocument": { "uri": "file:///no.sql" }, "position": { "line": 9, "character": 9 } });
    assert_eq!(editor.ask("textDocument/hover", elsewhere), Ok(Value::Null));
    editor.tell("textDocument/didChange", json!({ "textDocument": 1 }));
    let beyond = json!({ "line": 1000, "character": 1000 });
    editor.change(json!([{ "range": { "start": beyond, "end": beyond }, "text": "SELECT 1;" }]));
    editor.said(&["missing-watermark"]);
    let refused = editor.ask("textDocument/rename", json!({
        "textDocument": { "uri": URI }, "position": { "line": 1, "character": 3 }, "newName": "x",
    }));
    assert!(refused.unwrap_err().starts_with("only tables and views"));
    editor.end();
}

#[test]
fn an_open_document_that_is_nowhere_on_a_disk() {
    let mut editor = Editor::new(utf8(), quick());
    let uri = Uri::parse("untitled:Untitled-1").unwrap();
    editor.tell(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": uri, "languageId": "sql", "version": 1, "text": "SELEC 1;" } }),
    );
    let said = editor.notified("textDocument/publishDiagnostics");
    assert_eq!(
        (&said["uri"], &said["diagnostics"][0]["code"]),
        (&json!(uri), &json!("syntax-error"))
    );
    editor.tell(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": uri } }),
    );
    let said = loop {
        let said = editor.notified("textDocument/publishDiagnostics");
        if said["diagnostics"] == json!([]) {
            break said;
        }
    };
    assert_eq!(said["uri"], json!(uri));
    editor.end();
}

#[test]
fn secrets_are_not_told() {
    let mut editor = Editor::new(utf8(), quick());
    editor.open("CREATE TABLE t (id INT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:x', 'table-name' = 't', 'pasword' = 'hunter2');\nSELECT id FROM t;");
    let said = editor.notified("textDocument/publishDiagnostics");
    assert!(!said.to_string().contains("hunter2"), "{said}");
    let hover = editor.ask_at("textDocument/hover", "SELECT", "SELECT");
    assert!(!hover.to_string().contains("hunter2"));
    editor.end();
}
