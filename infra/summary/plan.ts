import { hashOf } from "../../components/core/hash.ts";
import type { Deployable } from "../deploy/deployable.ts";
import { planContent } from "../deploy/grafana.ts";
import { CATALOGUE, type Catalogue } from "../toolchain/catalogue.ts";
import type { Topology } from "../topology/topology.ts";
import { planAlertSummaries } from "./alerts.ts";
import { planCost } from "./cost.ts";
import { type RetentionSummary, type Summary, SUMMARY_FORMAT } from "./model.ts";
import { planSettings } from "./settings.ts";
import { planReceivers } from "./receivers.ts";
import { planImages, planWorkloadSummaries } from "./workloads.ts";

/**
 * Describes an environment by what its operator cares about. Pure: the same plan gives the same summary anywhere.
 *
 * @param catalogue - versions of the programs. @default `infra/toolchain/versions.json`
 */
export function planSummary(
  topology: Topology,
  deployables: readonly Deployable[],
  catalogue: Catalogue = CATALOGUE,
): Summary {
  const { environment } = topology;
  const { sampling } = environment;
  const workloads = planWorkloadSummaries(deployables);
  return {
    format: SUMMARY_FORMAT,
    environment: topology.name,
    hosts: Object.fromEntries(
      topology.hosts.map(({ name, runtime, gpus, gpuModel, state, simulated }) => [
        name,
        {
          runtime,
          gpus,
          ...(gpuModel === undefined ? {} : { gpuModel }),
          ...(state === "active" ? {} : { state }),
          simulated,
        },
      ]),
    ),
    sampling: {
      default: sampling.default,
      services: { ...sampling.services },
      slowTraceMs: sampling.slowTraceMs,
    },
    ...planAlertSummaries(topology),
    receivers: planReceivers(environment),
    images: planImages(workloads, catalogue),
    imageRegistry: environment.kubernetes.imageRegistry ?? "",
    settings: planSettings(environment),
    workloads,
    retention: planRetention(topology),
    dashboards: planDashboardHashes(topology),
    cost: planCost(topology),
  };
}

function planRetention(topology: Topology): Readonly<Record<string, RetentionSummary>> {
  const { environment, prometheus } = topology;
  const present = (["tempo", "loki", "jaeger", "greptimedb"] as const).filter((name) => topology[name] !== undefined);
  const own =
    prometheus.length === 0 ? {} : { prometheus: { retention: environment.prometheus.retention, on: "disk" } };
  return {
    ...own,
    ...Object.fromEntries(
      present.map((name) => {
        const { retention, storage } = environment[name];
        return [name, { retention, on: describeStorage(storage) }] as const;
      }),
    ),
  };
}

/** Kind and bucket; accounts and addresses of nodes stay out. */
function describeStorage(
  storage: string | { readonly kind: string; readonly endpoint?: string; readonly bucket?: string },
): string {
  if (typeof storage === "string") return storage;
  const { kind, endpoint, bucket } = storage;
  return bucket === undefined ? kind : `${kind} ${[endpoint, bucket].filter(Boolean).join("/")}`;
}

/** Of the environment's own Grafana, or of the one it fills. */
function planDashboardHashes(topology: Topology): Readonly<Record<string, string>> {
  if (topology.grafana === undefined && topology.environment.grafana.external === undefined) return {};
  return Object.fromEntries(planContent(topology).dashboards.map(({ uid, model }) => [uid, hashOf(model)]));
}
