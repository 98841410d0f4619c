// What the status bar says, as text. The words of a script come from the server.

/** State of the server, as the extension sees it. */
export type Life =
  | { readonly is: "stopped" }
  | { readonly is: "starting" }
  | { readonly is: "running"; readonly version: string | undefined }
  | { readonly is: "failed"; readonly reason: string };

/** The notification `tidegate/status`: how one script is doing. */
export interface ScriptStatus {
  readonly uri: string;
  readonly state: "ok" | "warnings" | "errors";
  readonly summary: string | null;
  readonly errors: number;
  readonly warnings: number;
}

export interface Shown {
  /** With icons, `$(name)`. */
  readonly text: string;
  readonly tooltip: string;
  readonly alarm: "none" | "warning" | "error";
}

export function show(life: Life, script: ScriptStatus | undefined): Shown {
  switch (life.is) {
    case "stopped":
      return { text: "$(circle-slash) tidegate", tooltip: "The language server is not running.", alarm: "warning" };
    case "starting":
      return { text: "$(loading~spin) tidegate", tooltip: "The language server is starting.", alarm: "none" };
    case "failed":
      return { text: "$(error) tidegate", tooltip: `No language server: ${life.reason}.`, alarm: "error" };
    case "running":
      return running(life.version, script);
  }
}

function running(version: string | undefined, script: ScriptStatus | undefined): Shown {
  const server = version === undefined ? "tidegate" : `tidegate ${version}`;
  if (script === undefined) {
    return { text: "$(loading~spin) tidegate", tooltip: `${server}: nothing is known of this script yet.`, alarm: "none" };
  }
  const counts = [counted(script.errors, "error"), counted(script.warnings, "warning")].filter((c) => c !== undefined);
  const found = counts.length === 0 ? "no findings" : counts.join(", ");
  const said = script.summary ?? (counts.length === 0 ? undefined : found);
  const icon = { ok: "pass", warnings: "warning", errors: "error" }[script.state];
  return {
    text: `$(${icon}) tidegate${said === undefined ? "" : `: ${said}`}`,
    tooltip: `${server}: ${found}${script.summary === null ? "" : `\nrewritten: ${script.summary}`}`,
    alarm: script.state === "errors" ? "error" : "none",
  };
}

function counted(n: number, what: string): string | undefined {
  return n === 0 ? undefined : `${n} ${what}${n === 1 ? "" : "s"}`;
}
