// The life of the language server: started when the first script is open, started again when a setting asks for it.

import * as vscode from "vscode";
import {
  CloseAction,
  DidChangeConfigurationNotification,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";
import { findProgram, here } from "./program.ts";
import type { Life, ScriptStatus } from "./status.ts";

const INSTALL = "Install tidegate, or say in the setting `tidegate.path` where it is.";

/** Languages that are looked at, as the settings have it now. */
export function languages(): string[] {
  const sql = vscode.workspace.getConfiguration("tidegate").get<boolean>("sqlFiles", true);
  return sql ? ["flink-sql", "sql"] : ["flink-sql"];
}

/** The settings that are the server's. */
function settings(): Record<string, unknown> {
  const all = vscode.workspace.getConfiguration("tidegate");
  return Object.fromEntries(["validate", "inlayHints", "codeLens", "flink"].map((name) => [name, all.get(name)]));
}

/** Scripts the server is told of: of the disk, or not saved yet. */
export function isScript(document: vscode.TextDocument): boolean {
  return ["file", "untitled"].includes(document.uri.scheme) && languages().includes(document.languageId);
}

/** Where the program is belongs to the machine: on the other side of a connection those settings are a tab of their own. */
async function openSettings(query: string): Promise<void> {
  const remote = vscode.env.remoteName !== undefined;
  await vscode.commands.executeCommand(`workbench.action.open${remote ? "Remote" : ""}Settings`, { query });
}

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  /** One that is about to be stopped, and is to be told nothing more: it would start a server again for that. */
  private leaving: LanguageClient | undefined;
  private life: Life = { is: "stopped" };
  private readonly scripts = new Map<string, ScriptStatus>();
  /** Starts and stops wait for each other. */
  private turn: Promise<void> = Promise.resolve();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  private readonly log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.log = log;
  }

  get state(): Life {
    return this.life;
  }

  status(document: vscode.TextDocument): ScriptStatus | undefined {
    return this.scripts.get(document.uri.toString());
  }

  /** Starts it if it was never asked to, and a script is open. */
  startFor(documents: readonly vscode.TextDocument[]): void {
    if (this.life.is === "stopped" && documents.some(isScript)) {
      void this.restart();
    }
  }

  restart(): Promise<void> {
    this.leaving = this.client;
    this.turn = this.turn.then(() => this.stop()).then(() => this.start());
    return this.turn;
  }

  private become(life: Life): void {
    this.life = life;
    this.changed.fire();
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.scripts.clear();
    if (client === undefined) {
      return;
    }
    try {
      // What a server says that hangs or is gone already does not matter any more.
      await client.dispose();
    } catch (error) {
      this.log.warn(`The language server did not stop in good order: ${String(error)}`);
    }
  }

  private async start(): Promise<void> {
    const found = findProgram(vscode.workspace.getConfiguration("tidegate").get("path", "tidegate"), here());
    if ("reason" in found) {
      this.fail(found.reason, `tidegate was not found: ${found.reason}. ${INSTALL}`);
      return;
    }
    this.log.info(`Starting ${found.path} lsp`);
    this.become({ is: "starting" });
    // A server that ends before it has said a word is not started again and again; once it runs, the usual rules hold.
    let usual: ErrorHandler | undefined;
    const errorHandler: ErrorHandler = {
      error: (error, message, count) => usual?.error(error, message, count) ?? { action: ErrorAction.Shutdown },
      closed: () => usual?.closed() ?? { action: CloseAction.DoNotRestart, handled: true },
    };
    const client = new LanguageClient(
      "tidegate",
      "tidegate",
      { command: found.path, args: ["lsp"] },
      {
        ...this.options(),
        errorHandler,
        // The setting that changed may be the one for which this client is stopped.
        middleware: {
          workspace: {
            didChangeConfiguration: async (sections, next) => {
              if (this.client === client && this.leaving !== client) {
                await next(sections);
              }
            },
          },
        },
      },
    );
    this.client = client;
    client.onNotification("tidegate/status", (status: ScriptStatus) => {
      // The editor's own spelling of the URI: the server's may escape other characters.
      this.scripts.set(vscode.Uri.parse(status.uri).toString(), status);
      this.changed.fire();
    });
    try {
      await client.start();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.client = undefined;
      this.fail(
        `\`${found.path} lsp\` did not start`,
        `\`${found.path} lsp\` did not start: ${reason}. Is it an older tidegate? ${INSTALL}`,
      );
      return;
    }
    usual = client.createDefaultErrorHandler();
    this.become({ is: "running", version: client.initializeResult?.serverInfo?.version });
    client.onDidChangeState((to) => {
      this.follow(client, to.newState);
    });
  }

  /** Tells the server that settings have changed; one that can ask then does. */
  async settingsChanged(): Promise<void> {
    if (this.life.is === "running" && this.client?.state === State.Running) {
      await this.client.sendNotification(DidChangeConfigurationNotification.type, { settings: { tidegate: settings() } });
    }
  }

  /** The client starts a server again that crashed, some times; then it gives up. */
  private follow(client: LanguageClient, state: State): void {
    if (this.client !== client) {
      return;
    }
    if (state === State.Running) {
      this.become({ is: "running", version: client.initializeResult?.serverInfo?.version });
    } else if (state === State.Starting) {
      this.scripts.clear();
      this.become({ is: "starting" });
    } else {
      this.scripts.clear();
      this.become({ is: "failed", reason: "it ended; the log says more" });
    }
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: languages().flatMap((language) => [
        { scheme: "file", language },
        { scheme: "untitled", language },
      ]),
      outputChannel: this.log,
      // The status bar says how the server is, and `fail` what can be done: a message of the client's own would push it away.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: () => ({
        ...settings(),
        clientCommands: ["tidegate.showRewritten", "tidegate.diffRewritten"],
        status: true,
      }),
      // The message of `start` says it once, with what to do.
      initializationFailedHandler: () => false,
    };
  }

  private fail(reason: string, message: string): void {
    this.log.error(message);
    this.become({ is: "failed", reason });
    // Not waited for: a start that failed is over, whatever the reader presses.
    void vscode.window.showErrorMessage(message, "Open Setting", "Show Log").then((pressed) => {
      if (pressed === "Open Setting") {
        void openSettings("@id:tidegate.path");
      } else if (pressed === "Show Log") {
        this.log.show();
      }
    });
  }

  forget(document: vscode.TextDocument): void {
    this.scripts.delete(document.uri.toString());
  }

  async dispose(): Promise<void> {
    this.turn = this.turn.then(() => this.stop());
    await this.turn;
    this.changed.dispose();
  }
}
