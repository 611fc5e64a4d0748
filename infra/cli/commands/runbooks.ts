import { join } from "node:path";
import { findStaleRunbooks, writeRunbooks } from "../../runbooks/write.ts";
import type { Command } from "../command.ts";
import { PROJECT_ROOT } from "../folders.ts";

const FOLDER = join(PROJECT_ROOT, "infra", "runbooks");

export const command: Command = {
  usage: "npm run runbooks [-- --check]",
  summary:
    "Writes a page for every alert, and the pages made from the stacks, to infra/runbooks (`npm run render` does so too).\n" +
    "--check writes nothing and exits with 1 when a page is not what it would write.",
  run: async (args) => {
    if (!args.includes("--check")) {
      console.log(`runbooks: ${writeRunbooks(FOLDER)} pages`);
      return 0;
    }
    const stale = findStaleRunbooks(FOLDER);
    for (const line of stale) console.error(line);
    return stale.length === 0 ? 0 : 1;
  },
};
