import { secretsNeededBy } from "../../../infra/environment/rules.ts";
import { type Environment, type EnvironmentName } from "../../../infra/environment/schema.ts";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { TestEnvironment } from "../test-environment.ts";
import { Cluster } from "./cluster.ts";

/** Namespace of gateways and backends. */
export const NAMESPACE = "gpu-observability";
/** Nodes in the place of a stack's own hosts: those over ssh are another runtime's matter. */
export const POOL = "hosts=[{ name: gpu-nodes, runtime: kubernetes, gpus: 8 }]";

export interface StackOptions {
  /** `path=value` beside the hosts. */
  readonly overrides?: readonly string[];
  /** `path=value` that says what the hosts are. @default {@link POOL} */
  readonly hosts?: readonly string[];
  /** Environment variables of its commands. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 0, with the taint that GPU nodes usually have */
  readonly gpuNodes?: number;
  /** Values that a test looks for again. @default the same for all */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A stack that is about to be brought up, and a cluster of three ordinary nodes of its own. */
export interface StartedStack {
  readonly cluster: Cluster;
  readonly environment: TestEnvironment;
  /** What the stack file and the overrides say. */
  readonly described: Environment;
}

/** Starts the cluster and gives the stack every secret it needs; `stopStack` ends both. */
export async function startStack(
  stack: EnvironmentName,
  { overrides = [], hosts = [POOL], env = {}, gpuNodes = 0, secrets = {} }: StackOptions = {},
): Promise<StartedStack> {
  const all = [...hosts, ...overrides];
  const described = parseEnvironment([stack, ...all.flatMap((value) => ["--set", value])]);
  const cluster = await Cluster.start();
  await cluster.addNodes(3, { gpu: false });
  if (gpuNodes > 0) await cluster.addNodes(gpuNodes, { gpu: true, tainted: true });
  const environment = new TestEnvironment(stack, { overrides: all, env: { ...env, KUBECONFIG: cluster.kubeconfig } });
  await giveSecrets(environment, described, secrets);
  return { cluster, environment, described };
}

/** Every secret a stack needs; `destroy` takes them along. */
export async function giveSecrets(
  environment: TestEnvironment,
  described: Environment,
  values: NonNullable<StackOptions["secrets"]> = {},
): Promise<void> {
  for (const name of [...secretsNeededBy(described), ...datadogSecrets(described)]) {
    const { code, output } = await environment.secret(name, values[name] ?? `value-of-${name}`);
    if (code !== 0) throw new Error(output);
  }
}

function datadogSecrets({ datadog: { enabled, apiKeySecret, appKeySecret } }: Environment): readonly string[] {
  return enabled ? [apiKeySecret, appKeySecret] : [];
}

/** Takes what may not have started. */
export async function stopStack({ cluster, environment }: Partial<StartedStack> = {}): Promise<void> {
  await cluster?.stop();
  environment?.removeFolder();
}
