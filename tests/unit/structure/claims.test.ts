import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../infra/cli/menu.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { TEST_ALERT } from "../../../infra/cli/test-alert.ts";
import { listRunbookAlerts } from "../../../infra/runbooks/pages.ts";
import { findAll, isKey, readPages } from "../runbooks/read-pages.ts";

/** Every page that claims something of the project as it is now; decisions say what was, and are read for links alone. */
const CLAIMS = readPages(
  "*.md",
  "{stacks,tests,dashboards,.github}/README.md",
  "{infra,components}/*/README.md",
  "infra/runbooks/**/*.md",
);
const LINKED = [...CLAIMS, ...readPages("infra/decisions/*.md")];
const { scripts } = JSON.parse(readFileSync(join(PROJECT_ROOT, "package.json"), "utf8")) as { scripts: object };

/** Each call of a command of the menu, with its words: `npm run up -- dev`, `npm start`, `npm test -- sampling`. */
const calls = findAll(
  /\bnpm ((?:(?:run )?(?:--silent )?(?:test|start)|run (?:--silent )?[a-z][\w:-]*)(?::<\w+>)?(?: -- [^\n`|;&<>"']*)?)/g,
  CLAIMS,
).map(({ page, found }) => {
  const [command = "", words = ""] = found.split(" -- ");
  return { page, name: command.replace(/^run /, "").replace("--silent ", "").trim(), words };
});

describe("what the pages claim", () => {
  it("has a command of the menu for every script of npm, and no other", () => {
    expect(Object.keys(COMMANDS).sort()).toEqual(Object.keys(scripts).sort());
  });

  it("names only commands of npm that exist", () => {
    expect(calls.length).toBeGreaterThan(200);
    expect(calls.filter(({ name }) => !(name in scripts) && name !== "test:<tier>")).toEqual([]);
  });

  it("has a --help of every command that shows how it is called", async () => {
    for (const [name, load] of Object.entries(COMMANDS)) {
      const { usage, summary } = (await load()).command;
      expect(usage, name).toMatch(new RegExp(`^npm (run )?${name}\\b`));
      expect(summary.length, name).toBeGreaterThan(20);
    }
  });

  it("gives a command only flags that its --help names", async () => {
    const unknown: unknown[] = [];
    for (const { page, name, words } of calls) {
      const flags = [...words.matchAll(/(?:^|\s)(--?[a-z][\w-]*)/g)].map(([, flag = ""]) => flag);
      if (flags.length === 0) continue;
      const { usage, summary } = (await COMMANDS[name]?.())?.command ?? { usage: "", summary: "" };
      const known = new Set(["--help", ...(`${usage} ${summary}`.match(/--[a-z][\w-]*/g) ?? [])]);
      unknown.push(...flags.filter((flag) => !known.has(flag)).map((flag) => ({ page, name, flag })));
    }
    expect(unknown).toEqual([]);
  });

  it("lists every command in README's menu but the tiers, which tests/README.md lists", () => {
    const readme = readFileSync(join(PROJECT_ROOT, "README.md"), "utf8");
    const tests = readFileSync(join(PROJECT_ROOT, "tests/README.md"), "utf8");
    for (const name of Object.keys(COMMANDS)) {
      const tier = name.startsWith("test:") && name !== "test:fast";
      const call = ["start", "test"].includes(name) ? `npm ${name}` : `npm run ${name}`;
      expect(tier ? tests : readme, name).toMatch(new RegExp(`\\| \`${call}[\` ]`));
    }
  });

  it("names only paths that exist, from the root or from the page's own folder", () => {
    const missing = findAll(/`((?:\.{1,2}\/)*(?:[\w.-]+\/)+[\w.*{},-]*)`/g, CLAIMS).filter(
      ({ page, found }) => isOurs(found) && !isThere(found, page),
    );
    expect(missing).toEqual([]);
  });

  it("names only keys that an environment has", () => {
    const area =
      /^(gateways|agent|agents|sampling|metrics|prometheus|alertmanager|alerts|tempo|loki|jaeger|greptimedb|grafana|network|certificates|budget|load|kubernetes|ssh|docker|inventory|rollout|datadog|dcgmExporter)\./;
    const named = findAll(/`([a-z]\w*(?:\.[a-zA-Z]\w*)+)(?:: [^`]*)?`/g, CLAIMS).filter(({ found }) =>
      area.test(found),
    );
    const set = findAll(/--set ([\w.]+)=/g, CLAIMS);
    expect(named.length).toBeGreaterThan(50);
    expect([...named, ...set].filter(({ found }) => !isKey(found) && !isNoKey(found))).toEqual([]);
  });

  it("names only alerts that some environment has", () => {
    const known = new Set([...listRunbookAlerts().map(({ alert }) => alert.name), TEST_ALERT]);
    const written = CLAIMS.filter(({ path }) => path !== "CHANGELOG.md");
    const named = findAll(/`((?:Gpu|Host|Agent|Gateway|Collector|Node)[A-Z][a-zA-Z]+|Watchdog)`/g, written);
    expect(named.length).toBeGreaterThan(7);
    expect(named.filter(({ found }) => !known.has(found))).toEqual([]);
  });

  it("has no link to a page or a heading that is not there", () => {
    const dead = findAll(/\]\((?!https?:|\/d\/|mailto:)([^)\s]+)/g, LINKED).filter(({ page, found }) => {
      const [path = "", heading] = found.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(PROJECT_ROOT, target))) return true;
      return heading !== undefined && !anchorsOf(target).includes(heading);
    });
    expect(dead).toEqual([]);
  });

  it("keeps README short", () => {
    expect(readFileSync(join(PROJECT_ROOT, "README.md"), "utf8").split("\n").length).toBeLessThanOrEqual(190);
  });
});

const TOP = ["infra", "components", "stacks", "dashboards", "tests", ".github", ".ci"];

/** A path below one of our folders, or beside the page. */
function isOurs(path: string): boolean {
  return TOP.includes(path.split("/")[0] ?? "") || /^\.{1,2}\//.test(path);
}

function isThere(path: string, page: string): boolean {
  return [path, join(dirname(page), path)].some(
    (one) => !one.startsWith("..") && globSync(one, { cwd: PROJECT_ROOT }).length > 0,
  );
}

/** `prometheus.yml` is a file, `grafana.internal` a host. */
function isNoKey(name: string): boolean {
  return /\.(ya?ml|json|md|ts|internal)$/.test(name);
}

/** Anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): readonly string[] {
  const text = readFileSync(join(PROJECT_ROOT, path), "utf8");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
