import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";

export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly secrets?: unknown;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> };
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = join(PROJECT_ROOT, ".github", "workflows");

/** Every workflow of the project. */
export const WORKFLOWS: readonly Workflow[] = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  return { file, text, ...(parse(text) as Omit<Workflow, "file" | "text">) };
});

export function workflow(file: string): Workflow {
  const found = WORKFLOWS.find((one) => one.file === file);
  if (found === undefined) throw new Error(`there is no ${file} in ${FOLDER}`);
  return found;
}

/** Jobs of all workflows, named `file: job`. */
export const JOBS = WORKFLOWS.flatMap((one) =>
  Object.entries(one.jobs).map(([name, job]) => ({ at: `${one.file}: ${name}`, file: one.file, name, job })),
);

/** Steps of all jobs. */
export const STEPS = JOBS.flatMap(({ at, file, job }) => (job.steps ?? []).map((step) => ({ at, file, job, step })));
