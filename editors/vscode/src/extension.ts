// What the editor shows of tidegate: a status bar item, commands, the rewritten script. All else is the server's.

import * as vscode from "vscode";
import { diffTitle, rewrittenOf, sourceOf } from "./rewritten.ts";
import { isScript, Server } from "./server.ts";
import { show } from "./status.ts";

/** Settings of the start: which program, which files, and what the server offers at all. */
const RESTART = ["tidegate.path", "tidegate.sqlFiles", "tidegate.inlayHints", "tidegate.codeLens"];

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("tidegate", { log: true });
  const running = new Server(log);
  server = running;
  const command = (name: string, run: (uri?: unknown) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`tidegate.${name}`, run);
  context.subscriptions.push(
    log,
    statusBar(running),
    command("showRewritten", showRewritten),
    command("diffRewritten", diffRewritten),
    command("fixAll", fixAll),
    command("restart", () => running.restart()),
    command("showLog", () => {
      log.show();
    }),
    command("menu", () => menu(running)),
    vscode.workspace.onDidOpenTextDocument((document) => {
      running.startFor([document]);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      running.forget(document);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      const restart = RESTART.some((setting) => change.affectsConfiguration(setting));
      if (!restart) {
        if (change.affectsConfiguration("tidegate")) {
          void running.settingsChanged();
        }
      } else if (running.state.is === "stopped") {
        // Nobody needed it so far; the other setting may make a script of what is open.
        running.startFor(vscode.workspace.textDocuments);
      } else {
        void running.restart();
      }
    }),
  );
  running.startFor(vscode.workspace.textDocuments);
}

export async function deactivate(): Promise<void> {
  await server?.dispose();
}

/** The script that a command is about: the one a lens names, else the one that the active editor shows. */
function source(uri: unknown): vscode.Uri | undefined {
  if (typeof uri === "string") {
    return vscode.Uri.parse(uri, true);
  }
  const shown = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
  const original = shown && sourceOf(shown);
  const found = original === undefined ? shown : vscode.Uri.parse(original, true);
  if (found === undefined) {
    void vscode.window.showInformationMessage("Open a Flink SQL script first.");
  }
  return found;
}

/** The script that the reader is at: the document itself, or the open one whose rewritten script it is. */
function script(document: vscode.TextDocument | undefined): vscode.TextDocument | undefined {
  const original = document && sourceOf(document.uri);
  const found =
    original === undefined
      ? document
      : vscode.workspace.textDocuments.find((open) => open.uri.toString() === vscode.Uri.parse(original).toString());
  return found !== undefined && isScript(found) ? found : undefined;
}

/** The virtual document, with the language of its source. */
async function rewritten(of: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.from(rewrittenOf(of)));
  const language = vscode.workspace.textDocuments.find((open) => open.uri.toString() === of.toString())?.languageId;
  return language === undefined || language === document.languageId
    ? document
    : vscode.languages.setTextDocumentLanguage(document, language);
}

async function showRewritten(uri?: unknown): Promise<void> {
  const of = source(uri);
  if (of !== undefined) {
    const document = await rewritten(of);
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
  }
}

async function diffRewritten(uri?: unknown): Promise<void> {
  const of = source(uri);
  if (of !== undefined) {
    const document = await rewritten(of);
    await vscode.commands.executeCommand("vscode.diff", of, document.uri, diffTitle(of));
  }
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.sourceAction", {
    kind: "source.fixAll.tidegate",
    apply: "first",
  });
}

function statusBar(running: Server): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("tidegate.status", vscode.StatusBarAlignment.Left);
  item.name = "tidegate";
  item.command = "tidegate.menu";
  const update = (): void => {
    const document = script(vscode.window.activeTextEditor?.document);
    if (document === undefined) {
      item.hide();
      return;
    }
    const shown = show(running.state, running.status(document));
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    item.backgroundColor =
      shown.alarm === "none" ? undefined : new vscode.ThemeColor(`statusBarItem.${shown.alarm}Background`);
    item.show();
  };
  update();
  return vscode.Disposable.from(
    item,
    running.onDidChange(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidOpenTextDocument(update),
  );
}

async function menu(running: Server): Promise<void> {
  const document = script(vscode.window.activeTextEditor?.document);
  const shown = show(running.state, document && running.status(document));
  const entries = [
    { label: "$(open-preview) Show Rewritten Script", command: "tidegate.showRewritten" },
    { label: "$(diff) Diff With Rewritten Script", command: "tidegate.diffRewritten" },
    { label: "$(wand) Fix All", command: "tidegate.fixAll" },
    { label: "$(debug-restart) Restart Server", command: "tidegate.restart" },
    { label: "$(output) Show Log", command: "tidegate.showLog" },
    { label: "$(gear) Settings", command: "workbench.action.openSettings", argument: "@ext:tidegate.tidegate" },
  ];
  const chosen = await vscode.window.showQuickPick(entries, { title: "tidegate", placeHolder: shown.tooltip });
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command, ...("argument" in chosen ? [chosen.argument] : []));
  }
}
