import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { findProgram } from "../../src/program.ts";

const root = mkdtempSync(path.join(tmpdir(), "tidegate-program-"));
after(() => {
  rmSync(root, { recursive: true });
});

const put = (file: string, mode: number): string => {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, "");
  chmodSync(full, mode);
  return full;
};
const first = put("first/tidegate", 0o755);
const second = put("second/tidegate", 0o755);
put("plain/tidegate", 0o644);
mkdirSync(path.join(root, "folder/tidegate"), { recursive: true });
const home = put("home/bin/tidegate", 0o755);
const exe = put("win/tidegate.exe", 0o755);

const look = (setting: string, folders: string[], platform: NodeJS.Platform = "linux"): unknown =>
  findProgram(setting, {
    platform,
    env: { PATH: folders.map((f) => (f === "." || f === "" ? f : path.join(root, f))).join(path.delimiter) },
    home: path.join(root, "home"),
  });

for (const [name, got, expected] of [
  ["the first of PATH counts", look("tidegate", ["first", "second"]), { path: first }],
  ["what cannot be executed is passed over", look("tidegate", ["plain", "second"]), { path: second }],
  ["and so is a folder of that name", look("tidegate", ["folder", "second"]), { path: second }],
  ["an absolute path needs no PATH", look(second, []), { path: second }],
  ["blanks around do not count", look(` ${second} `, []), { path: second }],
  ["~ is the home folder", look("~/bin/tidegate", []), { path: home }],
  ["Windows' ending is found", look("tidegate", ["win"], "win32"), { path: exe }],
  ["and only there", look("tidegate", ["win"]), { reason: "there is no program `tidegate` in PATH" }],
  ["nothing in PATH", look("tidegate", ["plain"]), { reason: "there is no program `tidegate` in PATH" }],
  ["empty", look("  ", ["first"]), { reason: "the setting `tidegate.path` is empty" }],
  [
    "a relative path is refused",
    look("./first/tidegate", ["first"]),
    { reason: "`tidegate.path` is a relative path, `./first/tidegate`: write an absolute one" },
  ],
  [
    "no such file",
    look(path.join(root, "gone"), ["first"]),
    { reason: `there is no file \`${path.join(root, "gone")}\`, which \`tidegate.path\` names` },
  ],
  [
    "a file without the right to execute it",
    look(path.join(root, "plain/tidegate"), ["first"]),
    { reason: `\`${path.join(root, "plain/tidegate")}\`, which \`tidegate.path\` names, cannot be executed` },
  ],
] as const) {
  void test(name, () => {
    assert.deepEqual(got, expected);
  });
}

void test("the folder one works in is not looked through, even if PATH says so", () => {
  const before = process.cwd();
  process.chdir(path.join(root, "first"));
  try {
    assert.deepEqual(look("tidegate", [".", ""]), { reason: "there is no program `tidegate` in PATH" });
  } finally {
    process.chdir(before);
  }
});
