import type { DockerRuntimeArgs } from "../../components/runtime/docker/docker-runtime.ts";
import type { ContainerImage } from "../../components/runtime/docker/image.ts";
import manifest from "../../package.json" with { type: "json" };
import { PROJECT_ROOT } from "../cli/folders.ts";
import { placementsOf } from "../topology/placements.ts";
import type { Topology } from "../topology/topology.ts";
import { resolveImage } from "./images.ts";

/** Where the simulator's container finds this project. */
const PROJECT = "/opt/gpu-observability";
const SIMULATOR: ContainerImage = {
  image: `node:${manifest.dependencies.node}-slim`,
  command: ["node", `${PROJECT}/components/gpu-host/simulator/main.ts`],
  mounts: [{ hostPath: PROJECT_ROOT, mountPath: PROJECT }],
};

/** What an environment tells the runtime `docker`. */
export function planDocker(topology: Topology): DockerRuntimeArgs {
  const { name, environment, hosts } = topology;
  const { host } = environment.docker;
  const placements = placementsOf(topology);
  const simulated = hosts.filter((one) => one.runtime === "docker" && one.simulated);
  return {
    engine: { prefix: `gpu-observability-${name}`, ...(host === undefined ? {} : { host }) },
    resolveImage: (program) => (program === "dcgm-simulator" ? SIMULATOR : resolveImage(program)),
    publishOn: (workload) => placements[workload]?.reachedAt,
    // A simulated host keeps its kern.log beside its exporter.
    borrows: Object.fromEntries(
      simulated.map(({ agent, dcgmExporter }) => [agent.name, [{ workload: dcgmExporter.name, volume: "log" }]]),
    ),
    logCapMiB: environment.logCapMiB,
  };
}
