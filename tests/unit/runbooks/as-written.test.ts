import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { unitName } from "../../../components/runtime/ssh/names.ts";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { renderStackSchema } from "../../../infra/environment/json-schema.ts";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { listDeployed } from "../../../infra/runbooks/pages.ts";
import { findAll, listCommands, type Page, PAGES, readPages } from "./read-pages.ts";

/** Every page that tells somebody what to run: runbooks, and what stands at the top of folders. */
const READMES = readPages(
  "{README,CONTRIBUTING}.md",
  "{stacks,tests,infra/*,components/*,dashboards,.github}/README.md",
);
const ALL: readonly Page[] = [...PAGES, ...READMES.filter(({ path }) => path !== "infra/runbooks/README.md")];
const deployed = listDeployed();
const commands = [...listCommands(ALL), ...findAll(/`((?:journalctl|systemctl)[^`]*)`/g, ALL)];
const namesOn = (wanted: string) =>
  deployed.filter(({ runtime }) => runtime === wanted).map(({ workload, environment }) => ({ workload, environment }));

/** Names after some words of a command, those that stand for a name left out. */
function named(pattern: RegExp): readonly { readonly page: string; readonly name: string }[] {
  return commands.flatMap(({ page, found }) =>
    [...found.matchAll(pattern)].map(([, name = ""]) => ({ page, name: name.replace(/\.service$/, "") })),
  );
}

describe("what runbooks and READMEs tell to run", () => {
  it("names a stack that exists, where a command takes one", () => {
    const asked = findAll(/npm run ([a-z][\w:-]*(?:<\w+>)?(?: -- \S+)?)/g, ALL);
    expect(asked.length).toBeGreaterThan(100);
    const withStack = ["up", "preview", "verify", "alert", "status", "destroy", "drift", "report", "secret"];
    const wrong = asked.filter(({ found }) => {
      const [script = "", stack = ""] = found.replace(/[`"').,;:|]+$/, "").split(" -- ");
      const isName = withStack.includes(script) && /^[a-z]+$/.test(stack);
      return isName && !(ENVIRONMENT_NAMES as readonly string[]).includes(stack);
    });
    expect(wrong).toEqual([]);
  });

  it("names only containers that Docker has", () => {
    const known = namesOn("docker").map(
      ({ workload, environment }) => `gpu-observability-${environment}-${workload.name}`,
    );
    const asked = named(/docker (?:logs|restart|exec|inspect|stop|start)(?: -\S+(?: (?:\d+|'[^']*'))?)* ([^\s`|]+)/g);
    expect(asked.length).toBeGreaterThan(known.length);
    const isKnown = (name: string) =>
      known.includes(name) || /^gpu-observability-<stack>-(?:<\w+>|greptimedb)$/.test(name);
    expect(asked.filter(({ name, page }) => !isKnown(name) && !isDocumentsOwn(page, name))).toEqual([]);
  });

  it("names only units that hosts over ssh have", () => {
    const known = namesOn("ssh").map(({ workload }) => unitName(workload.service).replace(".service", ""));
    const ours = named(/(?:systemctl (?:restart|status|start|stop)|journalctl -u) (gpu-observability[^\s`|]*)/g);
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter(({ name }) => !known.includes(name))).toEqual([]);
  });

  it("names only files of the repository that exist, from the folder it is run in", () => {
    const missing = ALL.flatMap(({ path, text }) =>
      [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].flatMap(([, block = ""]) => {
        const folder = /^cd ([\w./-]+)$/m.exec(block)?.[1] ?? ".";
        return [...block.matchAll(/(?:^|(?<!>)\s)((?:tests|infra|stacks)\/[\w./*-]+)/gm)]
          .map(([, file = ""]) => file)
          .filter((file) => globSync(file, { cwd: PROJECT_ROOT }).length === 0)
          .concat(existsSync(join(PROJECT_ROOT, folder)) || folder.startsWith("/") ? [] : [folder])
          .map((file) => ({ path: dirname(path), file }));
      }),
    );
    expect(missing).toEqual([]);
  });

  it("sets only values that a stack takes", () => {
    const asked = findAll(/--set ([\w.]+=[^\s`"']+)/g, ALL).filter(({ found }) => !/[<…{]/.test(found));
    expect(asked.length).toBeGreaterThan(2);
    for (const { found } of asked) expect(() => parseEnvironment(["local", "--set", found]), found).not.toThrow();
  });
});

describe("the keys that runbooks name alone", () => {
  it("are keys at the top of a stack or of a host, or words that are no keys", () => {
    const keys = new Set([...ownKeys("gateways", "sampling"), ...ownKeys("nodeLabels", "gpus")]);
    const words = findAll(
      /`([a-z][a-zA-Z]*)`/g,
      PAGES.map(({ path, text }) => ({ path, text: text.replaceAll(/```[\s\S]*?```/g, "") })),
    );
    const unknown = words.filter(({ found }) => !keys.has(found) && !WORDS.has(found) && !isNested(found));
    expect(unknown).toEqual([]);
  });
});

/** Words in backquotes that name something else: commands, states, parts of protocols and labels. */
const WORDS = new Set(
  (
    "await basic contextvars destroy dev end export false gpu healthy le local method passphrase passwordless preview production " +
    "pulumi push quarantined " +
    "query restricted search sed staging start status step traceparent true up validate verify viewer"
  ).split(" "),
);

/** Keys a page may give by their last part, because the sentence says whose they are. */
function isNested(word: string): boolean {
  return ["queueMiB", "volumeMiB", "only"].includes(word);
}

type SchemaNode = { readonly [key: string]: unknown };

/** Keys of the one object of the stack's schema that has all of these. */
function ownKeys(...some: readonly string[]): readonly string[] {
  const find = (node: unknown): readonly string[] | undefined => {
    if (node === null || typeof node !== "object") return undefined;
    const properties = (node as SchemaNode)["properties"] as SchemaNode | undefined;
    if (properties !== undefined && some.every((key) => key in properties)) return Object.keys(properties);
    for (const child of Object.values(node)) {
      const found = find(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return find(renderStackSchema()) ?? [];
}

/** The first cell of a row quotes what a document says, which a page then corrects. */
function isDocumentsOwn(page: string, name: string): boolean {
  const text = ALL.find(({ path }) => path === page)?.text ?? "";
  return new RegExp(`^\\| \`docker logs ${name}\``, "m").test(text);
}
