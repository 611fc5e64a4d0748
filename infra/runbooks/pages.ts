import type { Severity } from "../../components/alerts/alert.ts";
import { AREAS } from "../../components/alerts/areas.ts";
import { planAlerts, type PlannedAlert } from "../../components/alerts/render.ts";
import { renderRunbook, table } from "../../components/alerts/runbook.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import { planAlertSettings } from "../deploy/alerts.ts";
import { planDeployables } from "../deploy/plan.ts";
import { readEnvironment } from "../environment/load.ts";
import { ENVIRONMENT_NAMES, type EnvironmentName } from "../environment/schema.ts";
import { planTopology } from "../topology/plan.ts";
import { contextOf, type Known } from "./context.ts";
import { type Deployed, renderRestartPage } from "./restart.ts";
import { renderSamplingPage } from "./sampling.ts";
import { renderXidPage } from "./xid.ts";

/** Pages written by hand, beside the generated ones. */
export const WRITTEN_PAGES: Readonly<Record<string, string>> = {
  "plain-pulumi.md": "The engine alone: plain `pulumi`, its state, its passphrase, its plugins",
  "local.md": "`local`: addresses, the sick GPU, a test alert, state, removing it all",
  "first-signals.md": "A first span, metric and log line from an application",
  "lifecycle.md": "The life of an environment: adopt, upgrade, more disk, certificates, roll back, destroy, restore",
  "fleet.md": "A fleet over SSH: bring up, change, replace, remove",
  "dry-run.md": "Checking a configuration before it runs",
  "gpu-faults.md": "What to do about a sick GPU",
  "troubleshooting-workflows.md": "Workflows whose traces are missing or broken (S1)",
  "troubleshooting-satellite.md": "Satellite, GreptimeDB and the gateways (S2)",
  "rollout-media-clustering.md": "Media clustering: rollout, risks, checks (S3)",
};

/** An alert and the environment whose rule its page prints: production, or the first that has it. */
export interface RunbookAlert {
  readonly alert: PlannedAlert;
  readonly environment: EnvironmentName;
}

/** Every alert that any environment has, once. */
export function listRunbookAlerts(): readonly RunbookAlert[] {
  const byName = new Map<string, RunbookAlert>();
  for (const environment of [...ENVIRONMENT_NAMES].reverse()) {
    const topology = planTopology(readEnvironment(PROJECT_ROOT, environment));
    for (const alert of planAlerts(planAlertSettings(topology))) {
      if (!byName.has(alert.name)) byName.set(alert.name, { alert, environment });
    }
  }
  return [...byName.values()].sort((left, right) => left.alert.name.localeCompare(right.alert.name, "en"));
}

/** Every generated page, by its path below `infra/runbooks`. */
export function renderRunbookPages(): Readonly<Record<string, string>> {
  const known = readKnown();
  const alerts = listRunbookAlerts();
  const pages = alerts.map(({ alert, environment }) => [
    `alerts/${alert.name}.md`,
    renderRunbook(alert, contextOf(alert, environment, known)),
  ]);
  return {
    ...(Object.fromEntries(pages) as Record<string, string>),
    "restart.md": renderRestartPage(known.deployed),
    "sampling.md": renderSamplingPage(),
    "xid.md": renderXidPage(alerts.map(({ alert }) => alert.name)),
    "README.md": renderIndex(alerts.map(({ alert }) => alert)),
  };
}

/** Every workload of every environment, with all that is `if-available`; hosts by the address they are reached at. */
export function listDeployed(): readonly Deployed[] {
  return ENVIRONMENT_NAMES.flatMap((name) => {
    const environment = readEnvironment(PROJECT_ROOT, name);
    const addresses = new Map(environment.hosts.map((host) => [host.name, host.address ?? host.name]));
    return planDeployables(planTopology(environment)).map((one) => ({
      ...one,
      machine: addresses.get(one.machine) ?? one.machine,
      environment: name,
    }));
  });
}

function readKnown(): Known {
  const settings = ENVIRONMENT_NAMES.map(
    (name) => [name, planAlertSettings(planTopology(readEnvironment(PROJECT_ROOT, name)))] as const,
  );
  return { deployed: listDeployed(), settings: Object.fromEntries(settings) as Known["settings"] };
}

function renderIndex(alerts: readonly PlannedAlert[]): string {
  const severities: readonly Severity[] = ["critical", "warning", "info"];
  const inOrder = severities.flatMap((severity) => alerts.filter((alert) => alert.severity === severity));
  const generated = {
    "restart.md": "Starting a program anew, by runtime and workload (S0-68)",
    "sampling.md": "Sampling: where, current values, how to change them (S0-69)",
    "xid.md": "Xid codes of NVIDIA's driver and what each asks for",
  };
  return `${[
    "# Runbooks",
    "> Made by `npm run render`, with a page for every alert; pages without that note are written by hand.",
    "## Operating",
    Object.entries({ ...generated, ...WRITTEN_PAGES })
      .map(([file, title]) => `- [${title}](${file})`)
      .join("\n"),
    `## ${alerts.length} alerts`,
    ...AREAS.flatMap(({ name: area }) => [
      `### ${area}`,
      table(
        ["alert", "severity", "when"],
        inOrder
          .filter((alert) => alert.area === area)
          .map(({ name, severity, meaning }) => [`[${name}](alerts/${name}.md)`, severity, meaning]),
      ),
    ]),
  ].join("\n\n")}\n`;
}
