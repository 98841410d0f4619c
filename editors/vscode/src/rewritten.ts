// Addresses of rewritten scripts, which the server serves as virtual documents.

export const SCHEME = "tidegate-rewritten";

/** What of a URI is used here; `vscode.Uri` has it. */
export interface Address {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
  toString(): string;
}

/** Parts of the address of the rewritten script. The path is the source's: it gives the tab its name and language. */
export function rewrittenOf(source: Address): { scheme: string; path: string; query: string } {
  return { scheme: SCHEME, path: source.path, query: source.toString() };
}

/** The source's URI as text, if this is the address of a rewritten script. */
export function sourceOf(address: Address): string | undefined {
  return address.scheme === SCHEME && address.query !== "" ? address.query : undefined;
}

/** Title of the tab that compares: `job.sql ↔ rewritten`. */
export function diffTitle(source: Address): string {
  return `${source.path.split("/").at(-1) ?? source.path} ↔ rewritten`;
}
