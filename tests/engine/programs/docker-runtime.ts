import { DockerRuntime } from "../../../components/runtime/docker/docker-runtime.ts";
import type { ContainerImage } from "../../../components/runtime/docker/image.ts";
import { Service } from "../../../components/runtime/service.ts";
import { CertificateAuthority } from "../../../components/security/certificate-authority.ts";
import { LeafCertificate } from "../../../components/security/leaf-certificate.ts";
import { RandomToken } from "../../../components/security/random-token.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import type { PlannedHost } from "../../../infra/topology/topology.ts";

const { CONTRACT_HOST: host = "", CONTRACT_RETENTION: retention } = process.env;
/** Where the simulator's image finds this project. */
const PROJECT = "/opt/gpu-observability";
const GPU_HOST = "dev-gpu-sim";
/** A part of dev, each on a loopback address of its own. */
const PART = [
  "prometheus-a",
  "gateway-a",
  ...["agent", "dcgm-exporter", "node-exporter"].map((name) => `${GPU_HOST}-${name}`),
];

const dev = readEnvironment(PROJECT_ROOT, "dev");
const environment = {
  ...dev,
  ...(retention === undefined ? {} : { prometheus: { ...dev.prometheus, retention: retention as `${number}d` } }),
};
const topology = planTopology(environment);
const workloads = planDeployables({ ...topology, hosts: topology.hosts.map(inContainers) })
  .map(({ workload }) => workload)
  .filter(({ name }) => PART.includes(name));

/** Each part of a GPU host is a container of its own: it listens to the others and is found by its name. */
function inContainers(planned: PlannedHost): PlannedHost {
  const reachable = <P extends { readonly name: string }>(placed: P) => ({
    ...placed,
    bind: "0.0.0.0",
    dial: placed.name,
  });
  const { agent, dcgmExporter, nodeExporter } = planned;
  return {
    ...planned,
    agent: reachable(agent),
    dcgmExporter: reachable(dcgmExporter),
    nodeExporter: reachable(nodeExporter),
  };
}

function resolveImage(program: string): ContainerImage {
  const image = `${program}:contract`;
  if (program !== "dcgm-simulator") return { image };
  return {
    image,
    command: ["node", `${PROJECT}/components/gpu-host/simulator/main.ts`],
    mounts: [{ hostPath: PROJECT_ROOT, mountPath: PROJECT }],
  };
}

const authority = new CertificateAuthority("authority", {
  commonName: "docker",
  validityDays: 365,
  renewBeforeDays: 120,
});
const names = [...new Set(workloads.flatMap(({ secretFiles }) => Object.values(secretFiles)))];
const secrets = Object.fromEntries(names.map((name) => [name, new RandomToken(name).token]));
const runtime = new DockerRuntime({
  engine: { host, prefix: "gpu-observability-dev" },
  resolveImage,
  publishOn: (workload) => `127.72.1.${PART.indexOf(workload) + 1}`,
  borrows: { [`${GPU_HOST}-agent`]: [{ workload: `${GPU_HOST}-dcgm-exporter`, volume: "log" }] },
});
const services = workloads.map((workload) => new Service(workload.name, { workload, runtime, authority, secrets }));
const operator = new LeafCertificate("operator", {
  authority,
  request: { commonName: "operator", dnsNames: ["operator"], ipAddresses: [] },
});

export const ready = services.map((service) => service.ready);
export const ca = authority.certPem;
export const cert = operator.certPem;
export const key = operator.keyPem;
