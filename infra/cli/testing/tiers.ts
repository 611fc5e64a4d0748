import { globSync } from "node:fs";
import { ConfigError } from "../../../components/core/errors.ts";
import { KUBERNETES_PLUGIN } from "../engine-environment.ts";
import { PROJECT_ROOT } from "../folders.ts";
import { CHECKERS, kubernetesPrograms, localPrograms } from "../programs.ts";

/** A kind of tests, by what they need. */
export interface TierDefinition {
  readonly folders: readonly string[];
  /** Programs its tests run. */
  readonly programs: () => readonly string[];
  /** Files that run at the same time. */
  readonly sideBySide: number;
  /**
   * Each file gets modules of its own. Without, a worker imports a module once for all its files: half the CPU where
   * importing is most of the work. Only for tests that leave nothing behind in a module. @default true
   */
  readonly isolate?: boolean;
  /** Files that run one at a time after the others, each with the reason. @default none */
  readonly alone?: Readonly<Record<string, string>>;
  /** Its tests mostly wait: it starts first and takes no lane from tiers that compute. @default false */
  readonly waits?: boolean;
  /** Measured on 2 cores beside the other tiers; the longest starts first. */
  readonly usualSeconds: number;
}

/** The tiers of tests, from cheap to dear; README of `tests/` says what each needs. */
export const TIERS = {
  unit: {
    folders: ["tests/unit", "tests/components"],
    programs: () => [],
    sideBySide: 2,
    isolate: false,
    usualSeconds: 140,
  },
  rules: {
    folders: ["tests/rules", "tests/datadog"],
    programs: () => ["promtool", "otelcol"],
    sideBySide: 1,
    usualSeconds: 140,
  },
  config: { folders: ["tests/config"], programs: localPrograms, sideBySide: 3, usualSeconds: 100 },
  // The pack judges the real program of `local` too.
  policy: {
    folders: ["tests/policy"],
    programs: () => [...localPrograms(), KUBERNETES_PLUGIN],
    sideBySide: 1,
    usualSeconds: 300,
  },
  engine: {
    folders: ["tests/engine"],
    programs: () => [...localPrograms(), KUBERNETES_PLUGIN],
    sideBySide: 1,
    usualSeconds: 820,
  },
  kubernetes: {
    folders: ["tests/kubernetes"],
    programs: () => [...CHECKERS, ...kubernetesPrograms()],
    sideBySide: 1,
    usualSeconds: 2300,
  },
  hosts: { folders: ["tests/hosts"], programs: localPrograms, sideBySide: 2, usualSeconds: 470 },
  integration: { folders: ["tests/integration"], programs: localPrograms, sideBySide: 2, usualSeconds: 1000 },
  live: { folders: ["tests/live"], programs: localPrograms, sideBySide: 1, waits: true, usualSeconds: 1550 },
} as const satisfies Record<string, TierDefinition>;

export type Tier = keyof typeof TIERS;
export const TIER_NAMES = Object.keys(TIERS) as readonly Tier[];

export function definitionOf(tier: Tier): TierDefinition {
  return TIERS[tier];
}

/** The files of a tier whose path holds one of the words; all of them without a word. */
export function filesOf(tier: Tier, words: readonly string[] = []): readonly string[] {
  const files = TIERS[tier].folders.flatMap((folder) => globSync(`${folder}/**/*.test.ts`, { cwd: PROJECT_ROOT }));
  return files.filter((file) => words.length === 0 || words.some((word) => file.includes(word))).toSorted();
}

/**
 * The files to run, by tier.
 *
 * @throws {ConfigError} for each word that no path of a test file holds
 */
export function chooseFiles(tiers: readonly Tier[], words: readonly string[]): ReadonlyMap<Tier, readonly string[]> {
  const unmatched = words.filter((word) => tiers.every((tier) => filesOf(tier, [word]).length === 0));
  if (unmatched.length > 0) {
    const folders = tiers.flatMap((tier) => TIERS[tier].folders).join(", ");
    throw new ConfigError(
      unmatched.map((word) => ({
        path: "arguments",
        expected: `a word that is part of the path of a test file in ${folders}`,
        got: `"${word}"`,
        fix: "give a file or a part of its path: npm test -- sampling",
      })),
    );
  }
  return new Map(tiers.map((tier) => [tier, filesOf(tier, words)] as const).filter(([, files]) => files.length > 0));
}
