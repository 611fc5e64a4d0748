import type { Plan } from "./obtain.ts";

const BEAT_MS = 30_000;

/** What is about to happen and how long it usually takes. */
export function toPlanText(plans: readonly Plan[], cache: string, cores: number): string {
  const fetched = plans.filter(({ release }) => release);
  const built = plans.filter(({ release }) => !release);
  const seconds = built.reduce((sum, plan) => sum + usualSeconds(plan), 0);
  const parts = [
    ...(fetched.length > 0 ? [`fetching ${namesOf(fetched)}`] : []),
    ...(built.length > 0
      ? [
          `building ${namesOf(built)} with Go (usually about ${toDuration(seconds)} on 2 cores; this machine has ${cores})`,
        ]
      : []),
  ];
  return `Toolchain: ${parts.join("; ")}. Done once, kept in ${cache}.`;
}

function namesOf(plans: readonly Plan[]): string {
  return plans.flatMap(({ entries }) => entries.map(({ name }) => name)).join(", ");
}

/** How long building it takes on 2 cores, cold; nothing when it is fetched. */
export function usualSeconds({ entries, release }: Plan): number {
  return release ? 0 : (entries[0]?.source.build?.usualSeconds ?? 0);
}

/** `40 s`, `5 min`. */
export function toDuration(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** Says what begins, what is done, and every half a minute what is still under way. */
export class Progress {
  readonly #total: number;
  readonly #say: (line: string) => void;
  readonly #running = new Map<Plan, number>();
  readonly #timer: NodeJS.Timeout;
  #begun = 0;

  constructor(total: number, say: (line: string) => void) {
    this.#total = total;
    this.#say = say;
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    this.#timer.unref();
  }

  async during(plan: Plan, work: () => Promise<void>): Promise<void> {
    this.#begun += 1;
    const label = `[${this.#begun}/${this.#total}] ${describe(plan)}`;
    const usual = usualSeconds(plan);
    this.#say(plan.release ? `${label}: fetching` : `${label}: building with Go, usually ${toDuration(usual)} alone`);
    this.#running.set(plan, Date.now());
    const started = Date.now();
    try {
      await work();
      this.#say(`${label}: ready after ${toDuration((Date.now() - started) / 1000)}`);
    } catch (error) {
      this.#say(`${label}: failed; what is under way is finished first`);
      throw error;
    } finally {
      this.#running.delete(plan);
    }
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const parts = [...this.#running].map(([plan, since]) => {
      const usual = usualSeconds(plan);
      const length = usual > 0 ? `, usually ${toDuration(usual)} alone` : "";
      return `${plan.sourceName} (${toDuration((Date.now() - since) / 1000)} so far${length})`;
    });
    if (parts.length > 0) this.#say(`        still working on ${parts.join(" and ")}`);
  }
}

function describe({ entries }: Plan): string {
  return `${entries.map(({ name }) => name).join(" + ")} ${entries[0]?.source.version ?? ""}`;
}
