import { collector } from "../../components/signals/collector.ts";
import { table } from "../../components/alerts/runbook.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import { readEnvironment } from "../environment/load.ts";
import { ENVIRONMENT_NAMES, type Environment } from "../environment/schema.ts";

/** What decides which traces are kept; every key is one of the environment. */
export const SAMPLING_KNOBS: readonly {
  readonly key: string;
  readonly effect: string;
  readonly read: (environment: Environment) => string;
}[] = [
  {
    key: "sampling.default",
    effect: "Share of traces kept of services with no rate of their own. 1 for every service removes the sampler.",
    read: ({ sampling }) => String(sampling.default),
  },
  {
    key: "sampling.services",
    effect: "Share kept by `service.name`; a trace of several services is kept at the highest of their rates.",
    read: ({ sampling }) =>
      Object.entries(sampling.services)
        .map(([service, rate]) => `${service} ${rate}`)
        .join(", ") || "none",
  },
  {
    key: "sampling.slowTraceMs",
    effect: "Traces that take longer are always kept; so is every trace with an error.",
    read: ({ sampling }) => String(sampling.slowTraceMs),
  },
];

export function renderSamplingPage(): string {
  const environments = ENVIRONMENT_NAMES.map((name) => readEnvironment(PROJECT_ROOT, name));
  return `${[
    "# Sampling",
    "> Made from the stack files by `npm run render`.",
    "Gateways alone sample, and they keep or drop whole traces; applications send all (`OTEL_TRACES_SAMPLER=always_on`). Span metrics and the service graph count every span before any is dropped, so no rate below changes a number on a dashboard.",
    table(
      ["key in `stacks/Pulumi.<stack>.yaml`", ...ENVIRONMENT_NAMES, "effect"],
      SAMPLING_KNOBS.map(({ key, effect, read }) => [`\`${key}\``, ...environments.map(read), effect]),
    ),
    "## Changing a rate",
    [
      "1. Try it: `npm run report -- production --set sampling.default=0.2` says what it costs, `npm run preview -- production --set sampling.default=0.2` what it changes: the configuration of the gateways, nothing else.",
      "2. Write it in `stacks/Pulumi.production.yaml` and run `npm run up -- production`. Gateways are restarted with it, applications are not.",
      `3. Watch the spans that backends get, \`rate(${collector.sentSpans.prometheusName}[5m])\`, and the queues on the dashboard [Telemetry pipeline](/d/telemetry-pipeline).`,
    ].join("\n"),
    "A first rollout begins at 0.1 (S1-79) and goes up a step at a time while queues, memory and storage stay as they are: 0.1, 0.2, 0.5, 1 (S1-80, S3-46). Spans that wait for a decision are held in memory for 10 s: a higher rate costs storage, not memory.",
  ].join("\n\n")}\n`;
}
