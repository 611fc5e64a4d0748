import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Dispatcher, fetch } from "undici";
import { PAGE_ONLY } from "../../components/alertmanager/recipients.ts";
import type { AlertReceiver, NotifiedSeverity } from "../../components/alertmanager/settings.ts";

/** Name of the alert; no rule has it. */
export const TEST_ALERT = "TestAlert";
const ENDS_AFTER_MS = 5 * 60_000;
const ANSWER_MS = 5000;
const POLL_MS = 1000;

/** Alertmanager's own names of the ways to reach people. */
const INTEGRATIONS: Readonly<Record<AlertReceiver["kind"], string>> = {
  webhook: "webhook",
  slack: "slack",
  pagerduty: "pagerduty",
  teams: "msteamsv2",
  email: "email",
};

/** What to try, and through whom. */
export interface AlertTrial {
  readonly environment: string;
  readonly severity: NotifiedSeverity;
  readonly team?: string | undefined;
  /** Every Alertmanager by name: each Prometheus tells all of them, too. */
  readonly replicas: Readonly<Record<string, string>>;
  /** Shows the operator's certificate. */
  readonly dispatcher: Dispatcher;
  readonly receivers: readonly AlertReceiver[];
  /** How long a receiver has to take it, in seconds. */
  readonly timeoutSeconds: number;
}

/** What became of the alert at one receiver. */
export interface Told {
  readonly receiver: string;
  readonly kind: string;
  /** `silent`: nothing was tried within the time. */
  readonly outcome: "taken" | "failed" | "silent";
  readonly seconds: number;
}

export interface TrialReport {
  /** Label `service_name` of this one alert. */
  readonly service: string;
  /** When it ends by itself, as RFC 3339. */
  readonly endsAt: string;
  /** Receivers that Alertmanager routes it to; empty where it shows on Alertmanager's page alone. */
  readonly told: readonly Told[];
}

/** Sends one alert as Prometheus would, and waits for what Alertmanager says of telling people. */
export async function tryAlert(trial: AlertTrial): Promise<TrialReport> {
  const { replicas, dispatcher, receivers, timeoutSeconds } = trial;
  const endpoints = Object.values(replicas);
  // A service of its own: a group of its own, which is told at once and not with the next news of an older one.
  const service = `test-${randomBytes(3).toString("hex")}`;
  const alert = toAlert(trial, service);
  const before = await countAll(endpoints, dispatcher);
  for (const endpoint of endpoints) await post(`${endpoint}/api/v2/alerts`, [alert], dispatcher);
  const started = performance.now();
  const names = await readRoute(endpoints[0] ?? "", service, dispatcher);
  const routed = receivers.filter(({ name }) => names.includes(name));
  for (;;) {
    const seconds = (performance.now() - started) / 1000;
    const now = await countAll(endpoints, dispatcher);
    const told = routed.map(({ name, kind }): Told => {
      // Alertmanager counts by way, not by receiver: each receiver of a way adds one.
      const expected = routed.filter((other) => other.kind === kind).length;
      return { receiver: name, kind, outcome: judge(INTEGRATIONS[kind], expected, before, now), seconds };
    });
    if (seconds > timeoutSeconds || told.every(({ outcome }) => outcome !== "silent")) {
      return { service, endsAt: alert.endsAt, told };
    }
    await sleep(POLL_MS);
  }
}

function toAlert({ environment, severity, team }: AlertTrial, service: string) {
  const now = Date.now();
  return {
    labels: {
      alertname: TEST_ALERT,
      environment,
      severity,
      service_name: service,
      ...(team === undefined ? {} : { team }),
    },
    annotations: {
      summary: "A test: nothing is wrong",
      description: `Somebody ran npm run alert -- ${environment}. It ends by itself.`,
    },
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + ENDS_AFTER_MS).toISOString(),
  };
}

/** Attempts to tell people, and those that failed, by Alertmanager's name of the way. */
interface Counts {
  readonly attempts: ReadonlyMap<string, number>;
  readonly failed: ReadonlyMap<string, number>;
}

function judge(integration: string, expected: number, before: Counts, now: Counts): Told["outcome"] {
  const grown = (counts: keyof Counts) => (now[counts].get(integration) ?? 0) - (before[counts].get(integration) ?? 0);
  const failed = grown("failed");
  if (failed > 0) return "failed";
  return grown("attempts") >= expected ? "taken" : "silent";
}

async function countAll(endpoints: readonly string[], dispatcher: Dispatcher): Promise<Counts> {
  const pages = await Promise.all(endpoints.map((endpoint) => get(`${endpoint}/metrics`, dispatcher)));
  const sum = (metric: string) => {
    const counts = new Map<string, number>();
    for (const [, integration = "", value] of pages
      .join("\n")
      .matchAll(new RegExp(`^${metric}\\{[^}]*integration="([^"]+)"[^}]*\\} (\\S+)$`, "gm")))
      counts.set(integration, (counts.get(integration) ?? 0) + Number(value));
    return counts;
  };
  return {
    attempts: sum("alertmanager_notification_requests_total"),
    failed: sum("alertmanager_notification_requests_failed_total"),
  };
}

/** Names of the receivers that Alertmanager itself routes the alert to. */
async function readRoute(endpoint: string, service: string, dispatcher: Dispatcher): Promise<readonly string[]> {
  const filter = encodeURIComponent(`service_name="${service}"`);
  const text = await get(`${endpoint}/api/v2/alerts?filter=${filter}`, dispatcher);
  const alerts = JSON.parse(text) as readonly { readonly receivers: readonly { readonly name: string }[] }[];
  return alerts.flatMap(({ receivers }) => receivers.map(({ name }) => name)).filter((name) => name !== PAGE_ONLY);
}

async function get(url: string, dispatcher: Dispatcher): Promise<string> {
  return answered(url, await fetch(url, { dispatcher, signal: AbortSignal.timeout(ANSWER_MS) }));
}

async function post(url: string, body: unknown, dispatcher: Dispatcher): Promise<void> {
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(ANSWER_MS);
  await answered(url, await fetch(url, { method: "POST", headers, body: JSON.stringify(body), dispatcher, signal }));
}

async function answered(url: string, answer: { ok: boolean; status: number; text(): Promise<string> }) {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 200)}`);
  return text;
}

/** What was sent, to whom it is routed, and what became of it. */
export function toTrialText({ environment, severity, replicas }: AlertTrial, report: TrialReport): string {
  const { service, endsAt, told } = report;
  const width = Math.max(0, ...told.map(({ receiver }) => receiver.length));
  const sent = `${TEST_ALERT} (${severity}, service ${service}) sent to ${Object.keys(replicas).join(", ")}; it ends at ${endsAt}`;
  if (told.length === 0) {
    const fix = `add one to alertmanager.receivers in stacks/Pulumi.${environment}.yaml, or name it in alertmanager.severities.${severity}`;
    return `${sent}\nno receiver is told of ${severity} alerts: it shows on Alertmanager's page alone; ${fix}`;
  }
  const words = {
    taken: ({ seconds }: Told) => `taken after ${seconds.toFixed(0)} s`,
    failed: () => "FAILED: Alertmanager's log says why (infra/runbooks/restart.md says where it is)",
    silent: ({ seconds }: Told) => `nothing tried within ${seconds.toFixed(0)} s`,
  };
  return [
    sent,
    ...told.map((one) => `  ${one.receiver.padEnd(width)}  ${one.kind.padEnd(9)}  ${words[one.outcome](one)}`),
    "counted by kind, other alerts of the same moment too; that it has reached people, they alone can say",
  ].join("\n");
}
