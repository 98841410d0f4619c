// Where the tidegate program is. Knows nothing of the editor, so that tests need none.

import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

export type Found = { path: string } | { reason: string };

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

export const here = (): Surroundings => ({ platform: process.platform, env: process.env, home: homedir() });

/**
 * The program that the setting `tidegate.path` names, or why there is none.
 *
 * A bare name is looked up in PATH, absolute folders of it only: what lies in the folder that happens to be open must
 * never be run because it has the right name. For the same reason a relative path is refused.
 */
export function findProgram(setting: string, at: Surroundings): Found {
  const name = setting.trim();
  if (name === "") {
    return { reason: "the setting `tidegate.path` is empty" };
  }
  if (name === "~" || name.startsWith("~/") || name.startsWith("~\\")) {
    return atPath(path.join(at.home, name.slice(1)), at);
  }
  if (path.isAbsolute(name)) {
    return atPath(name, at);
  }
  if (name.includes("/") || name.includes("\\")) {
    return { reason: `\`tidegate.path\` is a relative path, \`${name}\`: write an absolute one` };
  }
  const folders = (at.env["PATH"] ?? at.env["Path"] ?? "").split(path.delimiter).filter((f) => path.isAbsolute(f));
  for (const folder of folders) {
    const found = runnable(path.join(folder, name), at);
    if (found !== undefined) {
      return { path: found };
    }
  }
  return { reason: `there is no program \`${name}\` in PATH` };
}

function atPath(file: string, at: Surroundings): Found {
  const found = runnable(file, at);
  if (found !== undefined) {
    return { path: found };
  }
  return {
    reason: isFile(file)
      ? `\`${file}\`, which \`tidegate.path\` names, cannot be executed`
      : `there is no file \`${file}\`, which \`tidegate.path\` names`,
  };
}

/** The file itself, or on Windows with one of the endings that make a program. */
function runnable(file: string, at: Surroundings): string | undefined {
  // Not `.cmd` and `.bat`: they would need a shell.
  const endings = at.platform === "win32" ? ["", ".exe", ".com"] : [""];
  return endings.map((ending) => file + ending).find((candidate) => isFile(candidate) && isExecutable(candidate));
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
