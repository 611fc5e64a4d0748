import { Output } from "@pulumi/pulumi";
import { toContainerArgs } from "../../components/runtime/docker/container-args.ts";
import { planContainer } from "../../components/runtime/docker/plan-container.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { resolveImage } from "../../infra/deploy/images.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import type { Tree } from "../../infra/policy/model.ts";
import type { EngineResource } from "../../infra/policy/read/engine-resource.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { urnOf } from "./processes.ts";
import { NETWORKS } from "../support/networks.ts";

const KEY = "-----BEGIN PRIVATE KEY-----\nsecret of the stack\n-----END PRIVATE KEY-----\n";
const CERTIFICATE = { certPem: "cert", keyPem: KEY, caPem: "ca" };
/** The simulator runs from this project, not from an image of its own. */
const OWN_IMAGE = { image: "node:24.21.0-slim" };

/** The containers of `dev` as the engine gets them, from the real planner; secrets are there in plain text. */
export function containerResources(): readonly EngineResource[] {
  const topology = planTopology(readEnvironment(PROJECT_ROOT, "dev"), {});
  const deployables = planDeployables(topology).filter(({ runtime }) => runtime === "docker");
  return deployables.flatMap(({ workload }, index) => {
    const image = workload.program === "dcgm-simulator" ? OWN_IMAGE : resolveImage(workload.program);
    const plan = planContainer(workload, {
      prefix: "gpu-observability-dev",
      image,
      publishOn: `${NETWORKS.policyContainers}.${index + 1}`,
    });
    const secrets = Object.fromEntries(Object.values(workload.secretFiles).map((name) => [name, `${name}=hidden`]));
    const delivery = { certificate: CERTIFICATE, secrets };
    const args = toContainerArgs(plan, { imageId: "sha256:0", network: "gpu-observability-dev", delivery });
    const type = "docker:index/container:Container";
    const pulled = "docker:index/remoteImage:RemoteImage";
    return [
      { type: pulled, urn: urnOf("dev", pulled, workload.name), props: { name: image.image }, protect: false },
      { type, urn: urnOf("dev", type, workload.name), props: opened(args) as Tree, protect: false },
    ];
  });
}

/** A policy is handed secrets in plain text. */
function opened(value: unknown): unknown {
  if (Output.isInstance(value)) return KEY;
  if (Array.isArray(value)) return value.map(opened);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item)]));
}
