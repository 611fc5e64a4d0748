import { extname } from "node:path";
import type { Problem } from "../../components/core/errors.ts";
import { readAnsibleIni } from "./ansible/read-ini.ts";
import { readAnsibleYaml } from "./ansible/read-ansible-yaml.ts";
import type { InventoryReader, ReadInventory } from "./model.ts";
import { readCsv } from "./read-csv.ts";
import { readYaml } from "./read-yaml.ts";

/** How hosts may be written down. */
export type InventoryFormat = "yaml" | "csv" | "ansible";

const BY_ENDING: Readonly<Record<string, InventoryFormat>> = {
  ".yaml": "yaml",
  ".yml": "yaml",
  ".csv": "csv",
  ".ini": "ansible",
  "": "ansible",
};

/** Reads the text of a file in the format it is said to have, or that its name tells. */
export function readInventory(
  file: { readonly name: string; readonly text: string; readonly format?: InventoryFormat | undefined },
  at: (line: number) => string,
): ReadInventory {
  const ending = extname(file.name).toLowerCase();
  const format = file.format ?? BY_ENDING[ending];
  if (format === undefined) return { hosts: [], groups: {}, problems: [unknownEnding(file.name, ending)] };
  return readerOf(format, ending)(file.text, at);
}

function readerOf(format: InventoryFormat, ending: string): InventoryReader {
  if (format === "csv") return readCsv;
  if (format === "yaml") return readYaml;
  return BY_ENDING[ending] === "yaml" ? readAnsibleYaml : readAnsibleIni;
}

function unknownEnding(path: string, ending: string): Problem {
  const expected = `a file that ends with ${Object.keys(BY_ENDING)
    .filter((known) => known !== "")
    .join(", ")}, or inventory.format`;
  return { path, expected, got: ending, fix: "set inventory.format: yaml, csv or ansible" };
}
