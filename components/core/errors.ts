/** One thing that is wrong, and how to mend it. */
export interface Problem {
  /** Where: a path such as `stacks/Pulumi.dev.yaml: environment.hosts[0].name`. */
  readonly path: string;
  /** What would have been right. */
  readonly expected: string;
  /** What was found instead; never the text of a secret. */
  readonly got: string;
  /** The command or edit that mends it. */
  readonly fix: string;
}

/** Bad input: carries every problem found, not only the first. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(toProblemText(problems));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Throws one {@link ConfigError} when there is at least one problem. */
export function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

function toProblemText(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const blocks = problems.map(
    (problem) =>
      `  ${problem.path}\n    expected  ${problem.expected}\n    got       ${problem.got}\n    fix       ${problem.fix}`,
  );
  return `${count}:\n${blocks.join("\n")}`;
}
