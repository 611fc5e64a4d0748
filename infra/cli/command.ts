/** One entry of the menu. */
export interface Command {
  /** How to call it. */
  readonly usage: string;
  /** What it does, printed by `--help`. */
  readonly summary: string;
  /** Runs it and gives the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}
