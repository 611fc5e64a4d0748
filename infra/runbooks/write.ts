import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderRunbookPages } from "./pages.ts";

const ALERT_PAGES = "alerts";

/** Writes every generated page below a folder, and removes those of alerts that are gone. Returns their number. */
export function writeRunbooks(folder: string): number {
  const pages = Object.entries(renderRunbookPages());
  rmSync(join(folder, ALERT_PAGES), { recursive: true, force: true });
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return pages.length;
}

/** Pages that are not what would be generated now, each with what is wrong. */
export function findStaleRunbooks(folder: string): readonly string[] {
  const pages = renderRunbookPages();
  const present = existsSync(join(folder, ALERT_PAGES)) ? readdirSync(join(folder, ALERT_PAGES)) : [];
  return [
    ...Object.entries(pages).flatMap(([path, text]) => {
      const file = join(folder, path);
      if (!existsSync(file)) return [`${path}: missing`];
      return readFileSync(file, "utf8") === text ? [] : [`${path}: differs`];
    }),
    ...present
      .filter((name) => !(`${ALERT_PAGES}/${name}` in pages))
      .map((name) => `${ALERT_PAGES}/${name}: no such alert`),
  ];
}
