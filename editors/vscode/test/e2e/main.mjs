// The packaged extension in a real editor in a real browser, with a real server.
//
// Environment: TIDEGATE program, CODE_SERVER its entry.js, CHROMIUM program, VSIX package, TIDEGATE_EDITORS_SHOTS folder
// for pictures, TIDEGATE_EDITORS_LIMIT seconds for all of it. Prints a line for each check; ends with 1 if one failed.

import { chromium } from "playwright-core";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CodeServer } from "./code-server.mjs";
import { until } from "./until.mjs";
import { Window } from "./window.mjs";

const need = (name) => {
  const value = process.env[name];
  if (value === undefined || value === "") {
    console.error(`FAIL ${name} is not set`);
    process.exit(1);
  }
  return value;
};
const tidegate = need("TIDEGATE");
const shots = need("TIDEGATE_EDITORS_SHOTS");
mkdirSync(shots, { recursive: true });

const here = (path) => new URL(path, import.meta.url).pathname;
// A name that has to be escaped in every URI.
const server = new CodeServer(need("CODE_SERVER"), here("workspace"), "wörk space");
let browser;
let failed = 0;

const limit = Number(process.env["TIDEGATE_EDITORS_LIMIT"] ?? "240");
const clock = setTimeout(() => {
  console.log(`FAIL not finished after ${limit} s`);
  server.stop();
  process.exit(1);
}, limit * 1000);
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    console.log(`FAIL stopped by ${signal}`);
    server.stop();
    process.exit(1);
  });
}

let window;
async function check(name, run) {
  const start = Date.now();
  try {
    await run();
    console.log(`PASS ${name} (${Date.now() - start} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name} (${Date.now() - start} ms)\n${indent(error.message)}`);
    await window?.shot(join(shots, `failed-${failed}.png`)).catch(() => {});
    // What is open must not be in the way of the next check.
    await window?.page.keyboard.press("Escape").catch(() => {});
  }
}
const indent = (text) => text.replaceAll(/^/gm, "     ");
const shot = (name) => window.shot(join(shots, `${name}.png`));
const equal = (got, expected) => {
  if (got !== expected) {
    throw new Error(`expected:\n${expected}\ngot:\n${got}`);
  }
};
const has = (text, pattern) => {
  if (!pattern.test(text)) {
    throw new Error(`${pattern} is not in:\n${text}`);
  }
};

const machine = (more) => server.machine({ "tidegate.path": tidegate, ...more });

async function start() {
  server.user({});
  machine({});
  server.install(need("VSIX"));
  await server.start();
  browser = await chromium.launch({
    executablePath: need("CHROMIUM"),
    // Chromium has no sandbox for root, who runs this in containers.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
  page.setDefaultTimeout(30_000);
  window = new Window(page);
}

async function script() {
  const original = server.read("job.flink.sql");
  const job = window.editor("space/job.flink.sql");
  const rewritten = window.virtual("tidegate-rewritten");

  await check("a script opens", async () => {
    await window.open(server.url(server.workspace, "job.flink.sql"));
    await job.shows("the script", (text) => text.includes("INSERT INTO revenue"), 90_000);
  });
  await check("its language is Flink SQL, and the grammar colours it", async () => {
    await until("the status bar names the language", async () =>
      (await window.page.locator(".statusbar-item", { hasText: "Flink SQL" }).count()) > 0,
    );
    await until("several colours", async () => {
      const classes = await job.locator
        .locator(".view-line span[class^=mtk]")
        .evaluateAll((spans) => spans.map((span) => span.className));
      return new Set(classes).size >= 4;
    });
  });
  await check("a finding is underlined", async () => {
    await until("a squiggle", async () => (await job.squiggles("warning").count()) > 0, { limit: 90_000 });
  });
  await check("the status bar says what the rewrite does", async () => {
    await window.statusBecomes("watermark and gate", (text) => /1 watermark · 1 gate · exact/.test(text));
  });
  // Before anything else takes the focus: an editor without it does not fetch lenses.
  await check("lenses stand above the script", async () => {
    await until(
      "both lenses",
      async () => {
        const lenses = (await job.lenses()).join(" ");
        return /show rewritten · 1 watermark · 1 gate · exact/i.test(lenses) && /diff/i.test(lenses);
      },
      { shown: async () => (await job.lenses()).join("\n") },
    );
  });
  await check("Problems lists it, with its rule", async () => {
    await window.command("Problems: Focus on Problems View");
    await window.problems("the option", (rows) =>
      rows.some((row) => row.includes("scan.startup.mod") && row.includes("unknown-connector-option")),
    );
  });
  await check("the rule's name leads to its page", async () => {
    await window.page.locator(".markers-panel-container a", { hasText: "unknown-connector-option" }).click();
    const page = window.virtual("tidegate-rule");
    await page.shows("the page of the rule", (text) => text.includes("unknown-connector-option"));
    await window.command("View: Close Editor");
    await page.locator.waitFor({ state: "detached" });
  });
  await check("inlay hints stand behind time attributes", async () => {
    await job.shows("a hint", (text) => /order_time TIMESTAMP\(3\) NOT NULL\s*\S*\s*rowtime/i.test(text));
  });
  await check("hover says a column's type and time attribute", async () => {
    const text = await job.hover("order_time");
    await shot("hover");
    has(text, /order_time/);
    has(text, /TIMESTAMP\(3\)/);
    has(text, /rowtime/i);
    await window.page.keyboard.press("Escape");
  });
  await check("a quick fix, chosen by its title, changes the text", async () => {
    await job.click("scan.startup.mod");
    await job.action(/write 'scan\.startup\.mode'/i, () => shot("quick-fix"));
    await job.shows("the fixed option", (text) => text.includes("'scan.startup.mode' = "));
    await window.page.keyboard.press("Control+S");
    const fixed = original.replace("'scan.startup.mod'", "'scan.startup.mode'");
    const saved = () => server.read("job.flink.sql");
    // Not as soon as it differs: for a moment a file that is written is empty.
    await until("it is saved with this one change", () => saved() === fixed, { shown: saved });
  });
  await check("and the finding is gone", async () => {
    await window.problems("no such option", (rows) => !rows.some((row) => row.includes("unknown-connector-option")));
    await until("no squiggle", async () => (await job.squiggles("warning").count()) === 0);
  });
  await check("there is room for two editors", async () => {
    await window.command("View: Toggle Panel Visibility");
    await window.page.locator(".markers-panel-container").waitFor({ state: "hidden" });
    await window.command("View: Toggle Primary Side Bar Visibility");
    await window.page.locator(".explorer-viewlet").waitFor({ state: "hidden" });
  });
  await check("the lens opens the rewritten script beside it", async () => {
    await job.lens("show rewritten");
    await rewritten.shows("the watermark", (text) => text.includes("WATERMARK FOR `order_time`"));
    await rewritten.shows("the gate", (text) => text.includes("`revenue__gate`"));
    await shot("rewritten");
  });
  await check("it follows what is typed", async () => {
    await job.click("Revenue per currency");
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(" NEW");
    await rewritten.shows("the new word", (text) => text.startsWith("-- Revenue per currency and minute, in € NEW"));
    await window.page.keyboard.press("Control+Z");
    await rewritten.shows("the old text", (text) => !/ NEW/.test(text));
  });
  await check("it cannot be edited", async () => {
    const before = await rewritten.text();
    await rewritten.click("Revenue");
    await window.page.keyboard.type("x");
    await window.page.locator(".monaco-editor-overlaymessage", { hasText: "read-only" }).waitFor();
    equal(await rewritten.text(), before);
    await window.command("View: Close Editor");
    await rewritten.locator.waitFor({ state: "detached" });
  });
  await check("the difference is shown", async () => {
    await job.click("Revenue");
    await window.command("tidegate: Diff With Rewritten Script");
    await window.page.locator(".tab.active", { hasText: "job.flink.sql ↔ rewritten" }).waitFor();
    const diff = window.page.locator(".monaco-diff-editor");
    await until("added lines", async () => (await diff.locator(".modified .line-insert").count()) > 0);
    const modified = await diff.locator(".modified .lines-content > .view-lines").innerText();
    has(modified.replaceAll("\u00a0", " "), /WATERMARK FOR `order_time`/);
    await window.statusBecomes("that of the source", (text) => /1 watermark · 1 gate · exact/.test(text));
    await shot("diff");
  });
}

async function typing() {
  const job = await window.file("job.flink.sql");
  await check("a name leads to its declaration", async () => {
    await job.click("TABLE orders,");
    await window.page.keyboard.press("F12");
    await window.page.locator(".statusbar-item", { hasText: "Ln 3, Col 14" }).waitFor();
  });
  await check("tables are offered while one types", async () => {
    const saved = await job.text();
    await window.page.keyboard.press("Control+End");
    await window.page.keyboard.type("INSERT INTO rev");
    const offered = window.page.locator(".suggest-widget .monaco-list-row", { hasText: "revenue" });
    await offered.first().waitFor();
    await shot("completion");
    await window.page.keyboard.press("Escape");
    await window.command("File: Revert File");
    await job.shows("the saved text", (text) => text === saved);
  });
  await check("what is not saved counts, and a script that cannot be rewritten says why", async () => {
    await job.click("Revenue");
    await window.page.keyboard.press("Control+Home");
    await window.page.keyboard.type("INSERT INTO revenue SELECT;\n");
    await window.statusBecomes("an error", (text) => /error/.test(text));
    await window.command("tidegate: Show Rewritten Script");
    await window.virtual("tidegate-rewritten").shows("a comment", (text) => text.startsWith("-- ") && !text.includes("CREATE"));
    await job.click("INSERT INTO revenue SELECT;");
    await window.command("File: Revert File");
    await window.virtual("tidegate-rewritten").shows("the script again", (text) => text.includes("WATERMARK FOR `order_time`"));
    await window.virtual("tidegate-rewritten").click("Revenue");
    await window.command("View: Close Editor");
  });
}

async function fixes() {
  const fixed = [
    "CREATE TABLE s (a INT) WITH ('connector' = 'datagen');",
    "CREATE TABLE t (a INT COMMENT 'é 表 🙂') WITH ('connector' = 'print');",
    "INSERT INTO t SELECT a FROM s;",
    "",
  ].join("\n");
  await check("Fix All mends a file of the language SQL", async () => {
    const editor = await window.file("command.sql");
    await until("it is underlined", async () => (await editor.squiggles("error").count()) > 0);
    await editor.click("CREATE");
    await window.command("tidegate: Fix All");
    await editor.shows("no comma", (text) => text.includes("🙂') WITH ('connector' = 'print');"));
    await window.page.keyboard.press("Control+S");
    await until("it is saved", () => server.read("command.sql") === fixed, { shown: () => server.read("command.sql") });
  });
  await check("saving mends a file too, where the settings say so", async () => {
    const editor = await window.file("save.fsql");
    await until("it is underlined", async () => (await editor.squiggles("error").count()) > 0);
    await editor.click("CREATE");
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(" ");
    await window.page.keyboard.press("Control+S");
    await until("it is saved and mended", () => server.read("save.fsql") === fixed.replace(";\n", "; \n"), {
      shown: () => server.read("save.fsql"),
    });
  });
}

async function settings() {
  await check("a setting counts at once", async () => {
    const job = await window.file("job.flink.sql");
    await job.shows("a hint", (text) => /rowtime/.test(text));
    machine({ "tidegate.inlayHints": false });
    await job.shows("no hint", (text) => !/rowtime/.test(text));
    machine({});
    await job.shows("a hint again", (text) => /rowtime/.test(text));
  });
  await check("files of the language SQL are left alone, where the settings say so", async () => {
    const editor = await window.file("plain.sql");
    const squiggles = () => editor.squiggles("error").count();
    await until("it is underlined", async () => (await squiggles()) > 0);
    machine({ "tidegate.sqlFiles": false });
    await until("it is not underlined", async () => (await squiggles()) === 0);
    await window.statusBecomes("nothing", (text) => text === "");
    machine({});
    await until("it is underlined again", async () => (await squiggles()) > 0);
  });
}

async function life() {
  await check("a program that is not there is said, with the setting to open", async () => {
    machine({ "tidegate.path": join(server.root, "nowhere") });
    const toast = await window.notification("tidegate was not found");
    has(await toast.innerText(), /there is no file .*nowhere/);
    // Nothing of the server that was stopped for that.
    equal(await window.page.locator(".notifications-toasts .notification-list-item", { hasText: "failed" }).count(), 0);
    await window.statusBecomes("an error", async (text) => text === "tidegate");
    await shot("not-found");
    await toast.getByText("Open Setting").click();
    await window.page.locator(".settings-editor .setting-item-contents", { hasText: "tidegate program" }).first().waitFor();
    await window.page.keyboard.press("Escape");
    await window.page.locator(".settings-editor").waitFor({ state: "hidden" });
  });
  await check("a program that is no language server is said too", async () => {
    machine({ "tidegate.path": "/bin/false" });
    await window.notification("`/bin/false lsp` did not start");
  });
  await check("with the right path the server starts again", async () => {
    machine({});
    await window.file("job.flink.sql");
    await window.statusBecomes("the summary", (text) => /1 watermark · 1 gate · exact/.test(text));
  });
  await check("Restart Server brings the findings back", async () => {
    await window.command("tidegate: Restart Server");
    await window.statusBecomes("the summary", (text) => /1 watermark · 1 gate · exact/.test(text));
  });
  await check("the log says which server was started", async () => {
    await window.command("tidegate: Show Log");
    await until("a line of the log", async () =>
      (await window.page.locator(".output-view-content .view-lines, .panel .view-lines").allInnerTexts()).some((text) =>
        text.replaceAll("\u00a0", " ").includes(`Starting ${tidegate} lsp`),
      ),
    );
  });
}

async function untrusted() {
  await check("in a workspace that is not trusted the user's server works, and the workspace's program is not run", async () => {
    const trap = server.trap("trap");
    const folder = server.folder("untrusted", here("workspace"));
    mkdirSync(join(folder, ".vscode"));
    writeFileSync(join(folder, ".vscode/settings.json"), JSON.stringify({ "tidegate.path": trap.file }));
    server.user({ "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" });
    await window.open(server.url(folder, "job.flink.sql"));
    await window.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    const job = window.editor("untrusted/job.flink.sql");
    await until("a squiggle", async () => (await job.squiggles("warning").count()) > 0, { limit: 90_000 });
    equal(existsSync(trap.mark), false);
  });
}

try {
  await check("code-server starts with the package installed", start);
  if (failed === 0) {
    await script();
    await typing();
    await fixes();
    await settings();
    await life();
    await untrusted();
  }
} catch (error) {
  failed += 1;
  console.log(`FAIL the test itself\n${indent(error.stack)}`);
} finally {
  clearTimeout(clock);
  await browser?.close().catch(() => {});
  if (failed > 0 && server.log !== "") {
    console.log(indent(`code-server said:\n${server.log}`));
  }
  server.stop();
}
console.log(failed === 0 ? `PASS all; pictures in ${shots}` : `FAIL ${failed} checks; pictures in ${shots}`);
process.exit(failed === 0 ? 0 : 1);
