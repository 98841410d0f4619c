// Bundles the extension and writes what else goes into the package. `--production` leaves the source map out.

import { context } from "esbuild";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import grammar from "./syntaxes/flink-sql.mjs";

const production = process.argv.includes("--production");
const here = (path) => new URL(path, import.meta.url);

mkdirSync(here("dist"), { recursive: true });
writeFileSync(here("dist/flink-sql.tmLanguage.json"), `${JSON.stringify(grammar, null, 1)}\n`);
copyFileSync(here("../../LICENSE"), here("LICENSE"));

const bundle = await context({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.cjs",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  minify: production,
  sourcemap: !production,
  logLevel: "warning",
});

if (process.argv.includes("--watch")) {
  await bundle.watch();
} else {
  await bundle.rebuild();
  await bundle.dispose();
}
