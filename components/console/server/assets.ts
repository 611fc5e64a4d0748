import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

const PAGE = new URL("../page/", import.meta.url);
const PLOT = new URL(import.meta.resolve("uplot/dist/uPlot.iife.min.js"));

/** Files a browser is given: name to where it lies. Nothing else is served. */
const FILES: Readonly<Record<string, URL>> = {
  "uplot.js": PLOT,
  "uplot.css": new URL("uPlot.min.css", PLOT),
  "page.css": new URL("page.css", PAGE),
  ...Object.fromEntries(
    ["main", "panels", "chart", "dom", "format"].map((name) => [`${name}.ts`, new URL(`${name}.ts`, PAGE)]),
  ),
};

/** An asset and its type; TypeScript without its types is what a browser runs. Undefined where there is none. */
export function readAsset(name: string): { readonly type: string; readonly text: string } | undefined {
  const file = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  if (file === undefined) return undefined;
  const text = readFileSync(fileURLToPath(file), "utf8");
  if (name.endsWith(".css")) return { type: "text/css", text };
  return { type: "text/javascript", text: name.endsWith(".ts") ? stripTypeScriptTypes(text) : text };
}
