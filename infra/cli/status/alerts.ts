import { type Dispatcher, fetch } from "undici";

/** An alert that fires. */
export interface FiringAlert {
  readonly name: string;
  readonly severity: string;
  /** Labels that say what it is about: `host_name=gpu-1 gpu=3`. */
  readonly about: string;
  /** Since when, as RFC 3339. */
  readonly since: string;
}

interface Answer {
  readonly data: {
    readonly alerts: readonly {
      readonly state: string;
      readonly activeAt: string;
      readonly labels: Readonly<Record<string, string>>;
    }[];
  };
}

/** Labels that every alert has, or that say nothing about the thing itself. */
const COMMON = new Set(["alertname", "severity", "area", "environment", "team"]);
const WITHIN_MS = 5_000;

/** What fires now, from the first replica that answers; undefined where none does. */
export async function readAlerts(
  replicas: readonly string[],
  dispatcher: Dispatcher,
): Promise<readonly FiringAlert[] | undefined> {
  for (const endpoint of replicas) {
    try {
      const signal = AbortSignal.timeout(WITHIN_MS);
      const answer = await fetch(`${endpoint}/api/v1/alerts`, { dispatcher, signal });
      if (answer.ok) return toFiring((await answer.json()) as Answer);
    } catch {
      // The next replica may answer.
    }
  }
  return undefined;
}

function toFiring({ data: { alerts } }: Answer): readonly FiringAlert[] {
  return alerts
    .filter(({ state }) => state === "firing")
    .map(({ labels, activeAt }) => ({
      name: labels["alertname"] ?? "",
      severity: labels["severity"] ?? "",
      about: Object.entries(labels)
        .filter(([name]) => !COMMON.has(name))
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
      since: activeAt,
    }));
}
