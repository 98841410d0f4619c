import assert from "node:assert/strict";
import { test } from "node:test";
import { diffTitle, rewrittenOf, sourceOf } from "../../src/rewritten.ts";
import { type Life, type ScriptStatus, show } from "../../src/status.ts";

const address = (uri: string) => {
  const { protocol, pathname, search } = new URL(uri);
  return { scheme: protocol.slice(0, -1), path: pathname, query: search.slice(1), toString: () => uri };
};

void test("the rewritten script's address names its source, and leads back to it", () => {
  const source = address("file:///jobs/a.flink.sql");
  const made = rewrittenOf(source);
  assert.deepEqual(made, {
    scheme: "tidegate-rewritten",
    path: "/jobs/a.flink.sql",
    query: "file:///jobs/a.flink.sql",
  });
  assert.equal(sourceOf(made), "file:///jobs/a.flink.sql");
  assert.equal(sourceOf(source), undefined);
  assert.equal(diffTitle(source), "a.flink.sql ↔ rewritten");
});

const running: Life = { is: "running", version: "0.1.0" };
const script = (of: Partial<ScriptStatus>): ScriptStatus => ({
  uri: "file:///a.sql",
  state: "ok",
  summary: null,
  errors: 0,
  warnings: 0,
  ...of,
});

for (const [name, life, status, text, tooltip, alarm] of [
  ["not started", { is: "stopped" }, undefined, "$(circle-slash) tidegate", "The language server is not running.", "warning"],
  ["starting", { is: "starting" }, undefined, "$(loading~spin) tidegate", "The language server is starting.", "none"],
  ["no program", { is: "failed", reason: "there is none" }, undefined, "$(error) tidegate", "No language server: there is none.", "error"],
  ["before the first word", running, undefined, "$(loading~spin) tidegate", "tidegate 0.1.0: nothing is known of this script yet.", "none"],
  ["nothing to say", running, script({}), "$(pass) tidegate", "tidegate 0.1.0: no findings", "none"],
  [
    "what the rewrite does",
    running,
    script({ summary: "2 watermarks · 1 gate · exact" }),
    "$(pass) tidegate: 2 watermarks · 1 gate · exact",
    "tidegate 0.1.0: no findings\nrewritten: 2 watermarks · 1 gate · exact",
    "none",
  ],
  [
    "warnings stand beside it",
    running,
    script({ state: "warnings", warnings: 1, summary: "1 gate · exact" }),
    "$(warning) tidegate: 1 gate · exact",
    "tidegate 0.1.0: 1 warning\nrewritten: 1 gate · exact",
    "none",
  ],
  [
    "errors",
    running,
    script({ state: "errors", errors: 2, warnings: 1 }),
    "$(error) tidegate: 2 errors, 1 warning",
    "tidegate 0.1.0: 2 errors, 1 warning",
    "error",
  ],
] as const satisfies readonly [string, Life, ScriptStatus | undefined, string, string, string][]) {
  void test(`status bar: ${name}`, () => {
    assert.deepEqual(show(life, status), { text, tooltip, alarm });
  });
}
