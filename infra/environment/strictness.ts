import { type Environment, levelOf } from "./schema.ts";

type Judged = Pick<Environment, "name" | "judgedAs">;

/** Whether a part of it may fail, and people must hear of it. */
export function isStrict(environment: Judged): boolean {
  const level = levelOf(environment);
  return level === "production" || level === "staging";
}

/** Its name, and for one of the operator's own how other rules are chosen. */
export function asJudged(environment: Judged): string {
  const { name } = environment;
  return levelOf(environment) === name ? name : `${name}, which is judged as ${levelOf(environment)} (judgedAs)`;
}
