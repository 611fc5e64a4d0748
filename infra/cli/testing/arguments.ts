import { ConfigError } from "../../../components/core/errors.ts";

/** Arguments of a test command. */
export interface TestArguments {
  /** Files, or parts of their paths. */
  readonly words: readonly string[];
  /** Where the times go, as JSON. */
  readonly timings?: string;
}

const TIMINGS = "--timings";

/** @throws {ConfigError} on a flag it does not know, and on `--timings` without a file */
export function parseTestArguments(args: readonly string[]): TestArguments {
  const at = args.indexOf(TIMINGS);
  const timings = at < 0 ? undefined : args[at + 1];
  const words = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  if (at >= 0 && (timings === undefined || timings.startsWith("-")))
    throw new ConfigError([
      { path: TIMINGS, expected: "a file to write", got: timings ?? "nothing", fix: `${TIMINGS} timings.json` },
    ]);
  const flags = words.filter((word) => word.startsWith("-"));
  if (flags.length > 0)
    throw new ConfigError(
      flags.map((flag) => ({
        path: "arguments",
        expected: `files or words, and ${TIMINGS} FILE`,
        got: `"${flag}"`,
        fix: "leave it out; --help says what the command takes",
      })),
    );
  return { words, ...(timings === undefined ? {} : { timings }) };
}
