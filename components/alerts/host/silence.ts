import { scrape } from "../../signals/backends.ts";
import { host, node } from "../../signals/host.ts";
import { promql } from "../../signals/query.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import { gpusExpected, namedHosts } from "../gpu/expected.ts";

const shared = {
  dashboard: "gpu-host",
  requirements: ["Q1"],
} as const;
const heard = promql`present_over_time(${scrape.up}{job="agent"}[4m]) or on (host_name) present_over_time(${host.load1}[4m])`;
/** Parts of node exporter that find something on every host; others have nothing to say where the hardware is missing. */
const ESSENTIAL = "cpu|diskstats|filesystem|loadavg|meminfo|netdev|stat|timex|vmstat";

/** Hosts, and what watches them, that are not heard. */
export function silenceAlerts(inventory: Inventory): readonly AlertDefinition[] {
  return [
    hostSilent(inventory),
    ...(inventory.hosts.some(({ pool }) => pool) ? [nodeSilent(inventory)] : []),
    exporterDown(),
    exporterPartFailing(),
  ];
}

function hostSilent(inventory: Inventory): AlertDefinition {
  return {
    ...shared,
    name: "HostSilent",
    severity: "critical",
    meaning: "Nothing has come from a host of the inventory for four minutes: it is down, cut off, or its agent is.",
    summary: "{{ $labels.host_name }} is silent",
    query: promql`${gpusExpected}{host_name=~"${namedHosts(inventory)}"} unless on (host_name) ${heard}`,
    for: "2m",
    datadog: {
      exempt: "it compares with the inventory, a recorded series; the monitor GpuSilent tells of a GPU host that stops",
    },
    impact: "Jobs on the host are lost or unwatched. Alerts about its GPUs are held back while this one fires.",
    actions: [
      "Does it answer? `ping <host>`, then its console through the BMC: `ipmitool -H <bmc> chassis status`.",
      "It does: `systemctl status gpu-observability-agent`, or the container or pod of the agent; look for `connection refused` or `x509` in its log.",
    ],
  };
}

function nodeSilent(inventory: Inventory): AlertDefinition {
  const seen = promql`group by (host_name) (last_over_time(${scrape.up}{job="agent", host_name!="", host_name!~"${namedHosts(inventory)}"}[1h]))`;
  return {
    ...shared,
    name: "PoolNodeSilent",
    severity: "warning",
    meaning: "A node of a pool that was heard within the last hour is silent.",
    summary: "Node {{ $labels.host_name }} is silent: removed, or dead",
    query: promql`${seen} unless on (host_name) ${heard}`,
    for: "2m",
    datadog: {
      exempt: "Datadog forgets a host that sends nothing only after a day: each removed node would alert until then",
    },
    impact: "When nobody removed it, its jobs are lost or unwatched.",
    actions: [
      "`kubectl get node <node>`: gone is a node that was removed, `NotReady` one that died.",
      "Ready: the agent's pod on it, `kubectl get pods -A --field-selector spec.nodeName=<node>`.",
    ],
  };
}

function exporterDown(): AlertDefinition {
  const exporter = promql`max by (host_name) (${scrape.up}{job="node-exporter"})`;
  return {
    ...shared,
    name: "NodeExporterDown",
    severity: "warning",
    meaning: "The host's agent runs, but node exporter does not answer it.",
    summary: "{{ $labels.host_name }}: node exporter does not answer",
    query: promql`${exporter} == 0 or (group by (host_name) (${scrape.up}{job="agent", host_name!=""}) unless on (host_name) ${exporter})`,
    for: "5m",
    datadog: {
      exempt:
        "an exporter that was never asked has no series in Datadog: only the comparison with the agent tells of it",
    },
    impact: "Disks, memory and clock of the host are not watched.",
    actions: [
      "`systemctl status gpu-observability-node-exporter`, or its container or pod, then restart it.",
      "Its port taken by another: `ss -ltnp 'sport = :9100'`.",
    ],
  };
}

function exporterPartFailing(): AlertDefinition {
  return {
    ...shared,
    name: "NodeExporterPartFailing",
    severity: "warning",
    meaning: "A part of node exporter that works on every host fails on this one.",
    summary: "{{ $labels.host_name }}: node exporter cannot read {{ $labels.collector }}",
    query: promql`max by (host_name, collector) (${node.collectorSuccess}{collector=~"${ESSENTIAL}"}) == 0`,
    for: "10m",
    datadog: datadog`max(last_10m):max:${node.collectorSuccess}{collector IN (${ESSENTIAL.replaceAll("|", ",")})} by {host,collector} < ${1}`,
    impact: "Alerts over these readings cannot fire.",
    actions: [
      "Its log says why: `journalctl -u gpu-observability-node-exporter | tail`.",
      "In a container: are the host's `/proc` and `/sys` mounted?",
    ],
  };
}
