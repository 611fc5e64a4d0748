import { describe, expect, it } from "vitest";
import { CONTAINER_PATHS, type Workload } from "../../../components/runtime/workload.ts";
import type { ContainerPlan } from "../../../components/runtime/docker/container-plan.ts";
import { type ContainerSettings, planContainer } from "../../../components/runtime/docker/plan-container.ts";
import { isSecret } from "../../../components/runtime/docker/plan-files.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { messageOf } from "../../support/problems.ts";

const PREFIX = "gpu-observability-dev";
const settings: ContainerSettings = { prefix: PREFIX, image: { image: "example/image:1" }, publishOn: "127.0.0.1" };
const workloads = planDeployables(planTopology(readEnvironment(PROJECT_ROOT, "dev")))
  .filter(({ runtime }) => runtime === "docker")
  .map(({ workload }) => workload);
const named = (name: string) => workloads.find((workload) => workload.name === name) as Workload;
const planned = (name: string, more: Partial<ContainerSettings> = {}) =>
  planContainer(named(name), { ...settings, ...more });

describe.each(workloads.map(({ name }) => name))("the container of %s in dev", (name) => {
  const workload = named(name);
  const plan = planned(name);

  it("runs as nobody, without capabilities and without GPUs it did not ask for", () => {
    expect(plan).toMatchObject({ user: "10001", capabilities: [], gpus: false, hostProcesses: false });
  });

  it("is limited in memory, in log size and against other containers", () => {
    expect(plan.memoryMiB).toBe(workload.resources.memoryMiB);
    expect(plan.cpuShares).toBeGreaterThanOrEqual(2);
    expect(plan.logCapMiB).toBe(20);
    expect(plan.env["GOMEMLIMIT"]).toBe(workload.env["GOMEMLIMIT"] ?? `${Math.floor(plan.memoryMiB * 0.8)}MiB`);
  });

  it("publishes on loopback only, and nothing that listens to the container itself", () => {
    expect(plan.ports.every(({ address }) => address === "127.0.0.1")).toBe(true);
    const open = Object.values(workload.ports).filter(({ host }) => host === "0.0.0.0");
    expect(plan.ports.map(({ port }) => port)).toEqual(open.map(({ port }) => port));
  });

  it("gets every file of the workload, secrets by name only", () => {
    const paths = plan.files.map(({ path }) => path);
    for (const path of Object.keys(workload.files)) expect(paths).toContain(`${CONTAINER_PATHS.config}/${path}`);
    const secrets = plan.files.filter(isSecret).map(({ path }) => path);
    const wanted = Object.keys(workload.secretFiles).map((path) => `${CONTAINER_PATHS.secrets}/${path}`);
    expect(secrets).toEqual([...wanted, ...(workload.certificate ? [`${CONTAINER_PATHS.tls}/key.pem`] : [])]);
  });

  it("mounts every volume where the configuration looks for it", () => {
    const mounted = plan.volumes.map(({ mountPath }) => mountPath);
    expect(mounted).toEqual(workload.volumes.map((volume) => `${CONTAINER_PATHS.data}/${volume.name}`));
  });

  it("is the same plan in every run", () => {
    expect(planned(name)).toEqual(plan);
  });
});

describe("a container's health", () => {
  const checkOf = ({ healthCheck }: ContainerPlan) => healthCheck?.command.join(" ");

  it("is asked with the image's own program, by its own certificate, where it has one", () => {
    const plan = planned("prometheus-a");
    expect(checkOf(plan)).toBe(
      "promtool check ready --http.config.file=/etc/gpu-observability/health-client.yml --url=https://127.0.0.1:9090",
    );
    const client = plan.files.find(({ path }) => path === "/etc/gpu-observability/health-client.yml");
    expect(client?.content).toMatchObject({
      text: expect.stringContaining('"server_name": "prometheus-a"') as unknown,
    });
    expect(plan.probe).toBeUndefined();
  });

  it("is asked from outside where the image holds nothing but its program", () => {
    const plan = planned("gateway-a");
    expect(plan.healthCheck).toBeUndefined();
    expect(plan.probe).toMatchObject({ scheme: "http", address: "127.0.0.1", port: 8888, serverName: "gateway-a" });
    expect(planned("tempo").probe).toMatchObject({ scheme: "https", port: 3200, path: "/ready" });
  });

  it("is not asked from outside where nobody could: on another machine, or unpublished", () => {
    expect(planned("gateway-a", { isLocal: false }).probe).toBeUndefined();
    const { ports, probe } = planned("gateway-a", { publishOn: undefined });
    expect({ ports, probe }).toEqual({ ports: [], probe: undefined });
  });
});

describe("a container", () => {
  it("with GPUs gets all of them, and the one right that reading their counters takes", () => {
    const hostAccess = {
      mounts: [{ hostPath: "/var/log", mountPath: "/var/log" }],
      gpus: true,
      processes: true,
      podNames: false,
    };
    const plan = planContainer({ ...named("gateway-a"), hostAccess }, settings);
    expect(plan).toMatchObject({ gpus: true, user: "0", capabilities: ["SYS_ADMIN"], hostProcesses: true });
    expect(plan.binds).toEqual([{ hostPath: "/var/log", mountPath: "/var/log" }]);
  });

  it("reads another's volume at the path its own would have", () => {
    const borrows = [{ workload: "dev-gpu-sim-dcgm-exporter", volume: "log" }];
    expect(planned("dev-gpu-sim-agent", { borrows }).volumes.at(-1)).toEqual({
      name: `${PREFIX}-dev-gpu-sim-dcgm-exporter-log`,
      mountPath: "/var/lib/gpu-observability/log",
      readOnly: true,
    });
  });

  it("has a root nobody can write to where no file is put into it", () => {
    const bare = { ...named("gateway-a"), files: {}, secretFiles: {}, volumes: [], certificate: undefined };
    expect(planContainer(bare as unknown as Workload, settings).readOnlyRoot).toBe(true);
    // The engine copies no files into a container with such a root.
    expect(planned("gateway-a").readOnlyRoot).toBe(false);
  });

  it("rejects several copies, and an address that is open to the world, in one message", () => {
    const message = messageOf(() =>
      planContainer({ ...named("gateway-a"), replicas: 3 }, { ...settings, publishOn: "0.0.0.0" }),
    );
    expect(message).toContain("2 problems");
    expect(message).toContain("workload gateway-a: replicas");
    expect(message).toContain("a loopback address such as 127.0.0.1");
  });

  it("rejects a file outside its folder, and one without content", () => {
    const files = { "../passwd": "x", "empty.yml": "" };
    const message = messageOf(() => planContainer({ ...named("gateway-a"), files }, settings));
    expect(message).toContain("../passwd");
    expect(message).toContain("empty.yml, which is empty");
  });
});
