/** A rule of `inhibit_rules`. */
export interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  /** Labels that must have one value on both sides. */
  readonly equal: readonly string[];
}

/** Alerts that explain others, which then need not be told. */
interface Explanation {
  readonly alerts: readonly string[];
  /** Alerts they explain. @default all others that have the label `sharing` */
  readonly explains?: readonly string[];
  /** What both are about. */
  readonly sharing: readonly string[];
}

const GATEWAYS_LATE = ["GatewayDown", "AgentGatewayFailing", "SpansNotStored", "LogsNotStored"];
const SILENT = ["HostSilent", "PoolNodeSilent"];
const HOSTS_LATE = [...SILENT, "NodeExporterDown", "HostDataLate", "ScrapeGaps"];
const GPUS_UNREAD = ["GpuReadingLost", "GpuReadingsFrozen", "GpuReadingNeverSeen"];
const GPU = ["host_name", "gpu"];
const QUEUE = ["instance", "exporter", "data_type"];

/** By the names of `components/alerts`; a test knows when one is no longer there. */
export const EXPLANATIONS: readonly Explanation[] = [
  // Without a gateway nothing arrives: what is missing is no news of the host it is missing from.
  {
    alerts: ["AllGatewaysDown"],
    explains: [...GATEWAYS_LATE, ...HOSTS_LATE, ...GPUS_UNREAD, "GpuMissing", "GpuExporterDown"],
    sharing: [],
  },
  // A host that is gone explains everything about it, its GPUs first.
  { alerts: SILENT, sharing: ["host_name"] },
  { alerts: ["GpuExporterDown"], explains: ["GpuMissing", ...GPUS_UNREAD], sharing: ["host_name"] },
  { alerts: ["GpuXidCritical"], explains: ["GpuXidWarning"], sharing: GPU },
  { alerts: ["GpuRowRemapFailed"], explains: ["GpuRowRemapPending"], sharing: GPU },
  { alerts: ["GpuThermalThrottling"], explains: ["GpuTooHot"], sharing: GPU },
  { alerts: ["GpuHardwareSlowdown"], explains: ["GpuBoardThrottling", "GpuPowerThrottling"], sharing: GPU },
  { alerts: ["CollectorQueueNearlyFull"], explains: ["CollectorQueueFilling"], sharing: QUEUE },
];

/** What is not told while something that explains it is. */
export function renderInhibitions(): readonly Inhibition[] {
  return [
    {
      // One alert in two severities: the worse one speaks, for that GPU of that host alone.
      source_matchers: ['severity="critical"', present("alertname")],
      target_matchers: ['severity="warning"', present("alertname")],
      equal: ["alertname", "environment", "host_name", "gpu", "service_name", "job", "instance"],
    },
    ...EXPLANATIONS.map(renderExplanation),
  ];
}

function renderExplanation({ alerts, explains, sharing }: Explanation): Inhibition {
  const equal = ["environment", ...sharing];
  // A label that neither side has counts as equal: both must have each of them, or all alerts would be held back.
  const both = equal.map(present);
  return {
    source_matchers: [`alertname=~"${alerts.join("|")}"`, ...both],
    target_matchers: [
      explains === undefined ? `alertname!~"${alerts.join("|")}"` : `alertname=~"${explains.join("|")}"`,
      ...both,
    ],
    equal,
  };
}

function present(label: string): string {
  return `${label}=~".+"`;
}
