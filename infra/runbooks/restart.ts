import type { Workload } from "../../components/runtime/workload.ts";
import { unitName } from "../../components/runtime/ssh/names.ts";
import { table } from "../../components/alerts/runbook.ts";
import type { Deployable } from "../deploy/deployable.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../topology/place.ts";
import type { RuntimeName } from "../topology/topology.ts";

/** A workload of one of the environments. */
export interface Deployed extends Deployable {
  readonly environment: string;
}

/** Time a process gets to end by itself; no pipe may stand in a cell of a table, so a shell's "else" is not in the command. */
const ENDS_WITHIN_SECONDS = 20;

/** How a workload is started anew, where it runs.  */
export function restartCommand({ workload, runtime, environment, machine }: Deployed): string {
  switch (runtime) {
    case "process": {
      const record = `${folderOf(workload, environment)}/process.json`;
      return `pid=$(node -p "require('${record}').pid"); kill $pid; timeout ${ENDS_WITHIN_SECONDS} tail --pid=$pid -f /dev/null; kill -9 $pid 2>/dev/null; npm run up -- ${environment}`;
    }
    case "docker":
      return `docker restart ${containerOf(workload, environment)}`;
    case "ssh":
      return `ssh ${machine} sudo systemctl restart ${unitName(workload.service)}`;
    case "kubernetes":
      return `kubectl -n ${namespaceOf(workload)} rollout restart ${kindOf(workload)}/${workload.name}`;
  }
}

/** Where its log is. */
export function logCommand({ workload, runtime, environment, machine }: Deployed): string {
  switch (runtime) {
    case "process":
      return `tail -n 50 ${folderOf(workload, environment)}/stdout.log`;
    case "docker":
      return `docker logs --tail 50 ${containerOf(workload, environment)}`;
    case "ssh":
      return `ssh ${machine} journalctl -u ${unitName(workload.service)} -n 50`;
    case "kubernetes":
      return `kubectl -n ${namespaceOf(workload)} logs ${kindOf(workload)}/${workload.name} --tail 50`;
  }
}

function namespaceOf({ hostAccess }: Workload): string {
  return hostAccess === undefined ? NAMESPACE : HOST_NAMESPACE;
}

function containerOf({ name }: Workload, environment: string): string {
  return `gpu-observability-${environment}-${name}`;
}

/** Where a shell finds the state of environments, as the commands do. */
const STATE = "${XDG_STATE_HOME:-$HOME/.local/state}";

function folderOf({ name }: Workload, environment: string): string {
  return `${STATE}/gpu-observability/${environment}/workloads/${name}`;
}

/** One pod a node on GPU hosts; a pod with a disk of its own; else one that may run anywhere. */
function kindOf({ hostAccess, volumes, replicas }: Workload): "daemonset" | "statefulset" | "deployment" {
  if (hostAccess !== undefined) return "daemonset";
  return replicas !== undefined || volumes.some(({ stateful }) => stateful) ? "statefulset" : "deployment";
}

const RUNTIMES: readonly RuntimeName[] = ["process", "docker", "ssh", "kubernetes"];

/** The page with every workload of every environment. */
export function renderRestartPage(deployed: readonly Deployed[]): string {
  const environments = [...new Set(deployed.map(({ environment }) => environment))];
  return `${[
    "# Starting a program anew",
    "> Made from the plans of all stacks by `npm run render`. Kubernetes workloads bear the name of the workload, containers the environment's in front of it, and systemd units that of the service.",
    [
      "Before: read its log. After: `npm run verify -- <stack>` says whether every signal lands.",
      "Queues, blocks and indexes are on disk and outlive a restart; an agent sends to the other gateway meanwhile.",
    ].join("\n"),
    ...environments.flatMap((environment) => [
      `## ${environment}`,
      table(
        ["workload", "runtime", "start anew", "its log"],
        deployed
          .filter((one) => one.environment === environment)
          .sort((left, right) => RUNTIMES.indexOf(left.runtime) - RUNTIMES.indexOf(right.runtime))
          .map((one) => [one.workload.name, one.runtime, `\`${restartCommand(one)}\``, `\`${logCommand(one)}\``]),
      ),
    ]),
    [
      "## All at once",
      "`npm run up -- <stack>` starts whatever died, and restarts what runs and does not answer or differs from the stack file; it leaves the rest alone. `npm run drift -- <stack>` names them and restarts nothing.",
      "A process that does not end is killed: by `up` after 15 s, by the commands above after 20 s. So it is with Tempo 2.9 while a query is in flight: it waits for a queue that nobody serves any more (still there after 142 s; without a query it ends after 3 to 4 s). What it has taken is in its log of writes.",
      "A process has no supervisor: once killed it stays down until `up`.",
    ].join("\n\n"),
  ].join("\n\n")}\n`;
}
