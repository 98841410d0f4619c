// code-server with the packaged extension in it, on folders of its own that are gone afterwards.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until.mjs";

const SETTINGS = {
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.inlayHints.enabled": "on",
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.commandCenter": false,
  "workbench.colorTheme": "Default Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "[flink-sql]": { "editor.codeActionsOnSave": { "source.fixAll.tidegate": "explicit" } },
};

export class CodeServer {
  #process;
  #log = "";

  constructor(program, workspace, name) {
    this.program = program;
    this.root = mkdtempSync(join(tmpdir(), "tidegate-vscode-"));
    this.workspace = this.folder(name, workspace);
  }

  /** A copy of a folder, to be opened and changed. */
  folder(name, from) {
    const to = join(this.root, name);
    cpSync(from, to, { recursive: true });
    return to;
  }

  /** A program that leaves a mark when it is run. */
  trap(name) {
    const mark = join(this.root, `${name}-was-run`);
    const file = join(this.root, name);
    writeFileSync(file, `#!/bin/sh\ntouch '${mark}'\n`);
    chmodSync(file, 0o755);
    return { file, mark };
  }

  /** Settings of the user, which a window reads when it opens. */
  user(more) {
    this.#write("User/settings.json", { ...SETTINGS, ...more });
  }

  /** Settings of the machine that the server runs on, `tidegate.path` among them. A window notices changes of these. */
  machine(settings) {
    this.#write("Machine/settings.json", settings);
  }

  #write(file, content) {
    const full = join(this.root, "data", file);
    mkdirSync(join(full, ".."), { recursive: true });
    writeFileSync(full, JSON.stringify(content, null, 2));
  }

  #arguments(...more) {
    const at = (name) => join(this.root, name);
    return [
      this.program,
      ...["--config", at("config.yaml"), "--user-data-dir", at("data"), "--extensions-dir", at("extensions")],
      ...more,
    ];
  }

  // Folders of its own: nothing of the machine's user is read or left behind.
  get #environment() {
    return { ...process.env, HOME: this.root, XDG_CONFIG_HOME: join(this.root, "config") };
  }

  install(vsix) {
    writeFileSync(join(this.root, "config.yaml"), "auth: none\ncert: false\n");
    const done = spawnSync(process.execPath, this.#arguments("--install-extension", vsix), {
      env: this.#environment,
      encoding: "utf8",
      timeout: 90_000,
    });
    if (done.status !== 0) {
      throw new Error(`the package could not be installed:\n${done.stdout}${done.stderr}`);
    }
  }

  /** Starts it. Its two processes give each other ten seconds, which is little on a busy machine: so up to three times. */
  async start() {
    for (let tries = 3; !(await this.#answers()); tries -= 1) {
      if (tries === 1) {
        throw new Error(`code-server ended with ${this.#process.exitCode}:\n${this.#log}`);
      }
    }
  }

  /** A new process: whether it answers (true) or ends. */
  async #answers() {
    this.port = await freePort();
    this.#process = spawn(
      process.execPath,
      this.#arguments(
        ...["--auth", "none", "--bind-addr", `127.0.0.1:${this.port}`],
        ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
      ),
      { env: this.#environment, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        this.#log += text;
      });
    }
    const healthy = async () => (await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined))?.ok;
    await until("code-server answers", async () => this.#process.exitCode !== null || (await healthy()));
    return this.#process.exitCode === null;
  }

  /** Address that opens a folder and one of its files. */
  url(folder, file) {
    const open = `vscode-remote://127.0.0.1:${this.port}${encodeURI(join(folder, file))}`;
    const payload = JSON.stringify([["openFile", open]]);
    return `http://127.0.0.1:${this.port}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`;
  }

  read(file) {
    return readFileSync(join(this.workspace, file), "utf8");
  }

  get log() {
    return this.#log;
  }

  stop() {
    if (this.#process !== undefined && this.#process.exitCode === null) {
      try {
        // The whole group: extension host and language server too.
        process.kill(-this.#process.pid, "SIGKILL");
      } catch (error) {
        if (error.code !== "ESRCH") {
          throw error;
        }
      }
    }
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
