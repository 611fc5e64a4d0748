import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { InitError, type ResourceKind } from "../resource-kind.ts";
import type { Properties } from "../values.ts";
import { forget, found, toClient } from "./client.ts";
import { CARRIED_OUT, type ContainerInputs, toCreateOptions, toLimits } from "./container-inputs.ts";
import { completeName } from "./naming.ts";
import { toArchive } from "./upload-archive.ts";

/** Inputs the engine changes on a running container. */
const LIMITS = ["restart", "maxRetryCount", "cpuShares", "memory", "memorySwap"];
/** Inputs only the provider reads. */
const CONDUCT = ["wait", "waitTimeout", "mustRun", "start", "destroyGraceSeconds"];
const MIB = 1024 * 1024;
/** Time in which a container that cannot run ends. */
const SETTLE_MS = 500;

/** `docker:index/container:Container` */
export const container: ResourceKind = {
  complete: completeName,
  replacedBy: (changed) => changed.filter((name) => !LIMITS.includes(name) && !CONDUCT.includes(name)),
  stable: true,
  validate: (inputs) =>
    Object.keys(inputs)
      .filter((name) => !name.startsWith("__") && !(CARRIED_OUT as readonly string[]).includes(name))
      .map((property) => ({ property, reason: "this stand-in does not carry it out" })),
  async create(properties, { config }) {
    const inputs = properties as unknown as ContainerInputs;
    const client = toClient(config);
    const made = await client.createContainer(toCreateOptions(inputs));
    try {
      await connect(client, made, inputs);
      for (const upload of inputs.uploads ?? []) await made.putArchive(toArchive(upload), { path: "/" });
      if (inputs.start !== false) await start(made, inputs);
    } catch (error) {
      throw new InitError((error as Error).message, made.id, {});
    }
    return { id: made.id, outputs: outputsOf(await made.inspect()) };
  },
  async read(id, state, { config }) {
    const seen = toClient(config).getContainer(id);
    const info = await found(seen.inspect());
    if (info === undefined) return undefined;
    if (!info.State.Running && state["mustRun"] !== false) {
      // As the official one: what ought to run and does not is taken away, and made anew by the next update.
      await forget(seen.remove({ force: true, v: true }));
      return undefined;
    }
    return { ...outputsOf(info), ...limitsOf(info, state) };
  },
  async update({ id, olds, news }, { config }) {
    const inputs = news as unknown as ContainerInputs;
    if (LIMITS.some((name) => olds[name] !== news[name]))
      await toClient(config).getContainer(id).update(toLimits(inputs));
    return olds;
  },
  async delete(id, state, { config }) {
    const { destroyGraceSeconds = 0 } = state as unknown as ContainerInputs;
    const gone = toClient(config).getContainer(id);
    if (destroyGraceSeconds > 0 && (await found(gone.inspect()))?.State.Running === true) {
      await gone.stop({ t: destroyGraceSeconds });
    }
    await forget(gone.remove({ force: true, v: true }));
  },
};

async function connect(
  client: Docker,
  { id }: Docker.Container,
  { networksAdvanced = [] }: ContainerInputs,
): Promise<void> {
  if (networksAdvanced.length === 0) return;
  await client
    .getNetwork("bridge")
    .disconnect({ Container: id })
    .catch((error: Error) => {
      if (!/is not connected to|not found/.test(error.message)) throw error;
    });
  for (const { name, aliases = [] } of networksAdvanced) {
    await client.getNetwork(name).connect({ Container: id, EndpointConfig: { Aliases: [...aliases] } });
  }
}

async function start(made: Docker.Container, { wait = false, waitTimeout = 60, mustRun = true }: ContainerInputs) {
  await made.start();
  const deadline = Date.now() + waitTimeout * 1000;
  while (wait) {
    const { Health, Running } = (await made.inspect()).State;
    if (Health === undefined) throw new Error("wait needs a healthcheck");
    if (Health.Status === "healthy") return;
    if (!Running && mustRun) throw new Error("container exited immediately");
    if (Date.now() > deadline) {
      // The official one says no more than the first words.
      throw new Error(
        `container failed to be in healthy state: ${Health.Status} after ${waitTimeout} s: ${Health.Log?.at(-1)?.Output.trim() ?? "not asked yet"}`,
      );
    }
    await sleep(250);
  }
  await sleep(SETTLE_MS);
  if (mustRun && !(await made.inspect()).State.Running) throw new Error("container exited immediately");
}

function outputsOf({ State, Config, NetworkSettings }: Docker.ContainerInspectInfo): Properties {
  return {
    exitCode: State.Running ? undefined : State.ExitCode,
    hostname: Config.Hostname,
    networkDatas: Object.entries(NetworkSettings.Networks).map(
      ([networkName, { IPAddress, IPPrefixLen, Gateway, MacAddress }]) => ({
        networkName,
        ipAddress: IPAddress,
        ipPrefixLength: IPPrefixLen,
        gateway: Gateway,
        macAddress: MacAddress,
      }),
    ),
  };
}

/** Those of the limits that the program set, as they are now. */
function limitsOf({ HostConfig }: Docker.ContainerInspectInfo, state: Properties): Properties {
  const now: Properties = {
    memory: (HostConfig.Memory ?? 0) / MIB,
    cpuShares: HostConfig.CpuShares,
    restart: HostConfig.RestartPolicy?.Name,
  };
  return Object.fromEntries(Object.entries(now).filter(([name]) => name in state));
}
