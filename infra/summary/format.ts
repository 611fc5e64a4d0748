import type { Overview } from "./overview.ts";
import { byGroup, type Change, type Group, toLine } from "./change.ts";

/** Changes of one environment, and what they were found against. */
export interface EnvironmentChanges {
  readonly environment: string;
  /** What it is compared with: `origin/main`, `the last up`. */
  readonly against: string;
  /** What the comparison could not see. */
  readonly notes: readonly string[];
  readonly changes: readonly Change[];
  /** What it is, where there is nothing to compare it with: titles and lines. */
  readonly overview?: Overview;
}

const TITLES: Readonly<Record<Group, string>> = {
  hosts: "Hosts",
  sampling: "Sampling",
  thresholds: "Thresholds",
  alerts: "Alerts",
  receivers: "Alert receivers",
  images: "Programs and images",
  workloads: "Workloads",
  sizes: "Replicas and sizes",
  ports: "Ports",
  settings: "Settings",
  retention: "Retention",
  dashboards: "Dashboards",
  files: "Rendered files",
  cost: "Cost",
};

/** Lines of one group that are worth reading; `--json` has them all. */
const SHOWN = 40;

/** For a terminal. */
export function toText(environments: readonly EnvironmentChanges[]): string {
  return environments
    .map(({ environment, against, notes, changes, overview }) =>
      [
        `${environment}: ${headline({ changes, overview, against })}`,
        ...(overview ?? []).map(([title, line]) => `  ${title.padEnd(12)} ${line}`),
        ...notes.map((note) => `  note: ${note}`),
        ...byGroup(changes).flatMap(([group, own]) => [
          `  ${TITLES[group].toLowerCase()}`,
          ...shorten(own).map((line) => `    ${line}`),
        ]),
      ].join("\n"),
    )
    .join("\n\n");
}

/** For a comment on a pull request. Rendered files are folded: they follow from the rest. */
export function toMarkdown(environments: readonly EnvironmentChanges[]): string {
  const sections = environments.map(({ environment, against, notes, changes, overview }) =>
    [
      `### ${escape(environment)}: ${escape(headline({ changes, overview, against }))}`,
      ...notes.map((note) => `> ${escape(note)}`),
      ...(overview === undefined ? [] : [toList(overview.map(([title, line]) => `${title}: ${line}`))]),
      ...byGroup(changes).map(([group, own]) => toSection(group, own)),
    ].join("\n\n"),
  );
  return `${["## What changes", ...sections].join("\n\n")}\n`;
}

function toSection(group: Group, changes: readonly Change[]): string {
  const list = toList(shorten(changes));
  if (group !== "files") return `**${TITLES[group]}**\n\n${list}`;
  return `<details><summary>${TITLES[group]} (${changes.length})</summary>\n\n${list}\n\n</details>`;
}

function toList(lines: readonly string[]): string {
  return lines.map((line) => `- ${escape(line)}`).join("\n");
}

function shorten(changes: readonly Change[]): readonly string[] {
  const rest = changes.length - SHOWN;
  const lines = changes.slice(0, SHOWN).map(toLine);
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

function headline({
  changes,
  overview,
  against,
}: Pick<EnvironmentChanges, "changes" | "against"> & { readonly overview: Overview | undefined }): string {
  if (overview !== undefined) return "all of it";
  const count =
    changes.length === 0 ? "nothing changes" : changes.length === 1 ? "1 change" : `${changes.length} changes`;
  return `${count} against ${against}`;
}

/** Names come from whoever proposes the change: none may become a link, a mention or markup. */
function escape(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[&<@#]|[\\`*_[\]|~]/g, (character) =>
      "&<@#".includes(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
    );
}
