import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AREAS } from "../../components/alerts/areas.ts";
import { planAlerts } from "../../components/alerts/render.ts";
import { planDashboards } from "../../dashboards/catalogue.ts";
import { queriesOf } from "../../dashboards/library/dashboard.ts";
import { numbersOf } from "../../dashboards/library/numbers.ts";
import { parseEnvironment } from "../../infra/cli/arguments.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { OFFLINE } from "../../infra/cli/unavailable.ts";
import { planAlertSettings } from "../../infra/deploy/alerts.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { LocalEnvironment } from "../support/local-environment.ts";
import { NETWORKS } from "../support/networks.ts";
import { Backends } from "../support/query.ts";
import { receiveWebhooks, type NotifiedAlert, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { planReport } from "../../infra/report/model.ts";
import { thisMachine } from "../../infra/report/machine.ts";
import { EXPECTED_LOAD } from "../../infra/report/settings.ts";
import { expectedOf, FAULTS, inject, NOTIFIED } from "./faults.ts";
import { compareWithMeasured, isOff, toLine } from "./report.ts";
import { failuresOf, sweepAlerts, sweepPanels, sweepRecordings, type Swept } from "./sweep.ts";

const LOOPBACK = NETWORKS.live;
const HEALTHY_MINUTES = 10;
/** The sample workloads: nine services with 35 operations on one of the five hosts. */
const LOAD = { ...EXPECTED_LOAD, servicesPerHost: 2, operationsPerService: 4 };
/** The longest way from a fault to its alert: two windows of five minutes and the alert's own `for`. */
const FAULT_MINUTES = 14;
/** Hosts three to five are for faults that concern a host as a whole. */
const HOSTS = [8, 8, 8, 2, 2].map(
  (gpus, index) => `{ name: gpu-${index + 1}, runtime: process, simulated: true, scenario: healthy, gpus: ${gpus} }`,
);

describe("the signals of a running environment", () => {
  const environment = new LocalEnvironment(LOOPBACK, [
    `hosts=[${HOSTS.join(", ")}]`,
    // Half of the time takes longer than anybody waits for a test.
    "alerts.gpu.powerThrottleShare=0.1",
    "alerts.runbooks=https://runbooks.example.org",
    "grafana.publicUrl=https://grafana.example.org",
    "alertmanager.receivers=[{ kind: webhook, name: test, secret: alertWebhookUrl }]",
  ]);
  const described = parseEnvironment(["local", ...environment.overrides]);
  const settings = planAlertSettings(planTopology(described, OFFLINE));
  const alerts = planAlerts(settings);
  const dashboards = planDashboards(numbersOf(settings.inventory, settings.thresholds));
  let receiver: WebhookReceiver;
  let dispatcher: Agent | undefined;
  let backends: Backends;
  let workloads: ChildProcess;
  let started = 0;

  beforeAll(async () => {
    receiver = await receiveWebhooks();
    const secret = await environment.secret("alertWebhookUrl", receiver.url);
    expect(secret.code, secret.output).toBe(0);
    const up = await environment.run("up");
    expect(up.code, up.output.slice(-4000)).toBe(0);
    dispatcher = environment.connect();
    backends = new Backends(LOOPBACK, dispatcher);
    workloads = spawn(process.execPath, ["infra/workloads/main.ts", "--seconds", "3600"], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://${environment.address(0)}:4317` },
      stdio: "ignore",
    });
    started = Date.now();
  }, 300_000);

  afterAll(async () => {
    workloads.kill();
    await environment.run("destroy");
    await dispatcher?.close();
    await receiver.close();
    environment.removeFolder();
  }, 120_000);

  it("measures what the report foretold, within a fifth", async () => {
    await sleep(started + 3 * 60_000 - Date.now());
    const topology = planTopology(described, OFFLINE);
    const endpoint = `https://${environment.address(0)}:9090`;
    const compared = await compareWithMeasured(planReport(topology, LOAD, thisMachine()), {
      endpoint,
      dispatcher: dispatcher as Agent,
    });
    console.log(compared.map(toLine).join("\n"));
    expect(compared.filter(isOff).map(toLine)).toEqual([]);
  }, 240_000);

  it("fires no alert in a healthy fleet for 10 minutes", async () => {
    await sleep(started + HEALTHY_MINUTES * 60_000 - Date.now());
    const fired = await backends.prometheus(
      `count by (alertname, severity, host_name, gpu) (max_over_time(ALERTS{alertstate="firing", alertname!="Watchdog"}[${HEALTHY_MINUTES}m]))`,
    );
    const watchdog = await backends.prometheus('ALERTS{alertname="Watchdog", alertstate="firing"}');
    console.log(`healthy for ${HEALTHY_MINUTES} minutes: ${alerts.length} alerts, ${fired.length} fired`);
    expect(fired.map(({ labels }) => labels)).toEqual([]);
    expect(watchdog).toHaveLength(1);
  }, 700_000);

  it("fires for each fault of a GPU exactly the alerts it should, on that GPU alone", async () => {
    const at = Date.now();
    for (const fault of FAULTS) await inject(fault, environment);
    const wanted = FAULTS.flatMap(expectedOf).toSorted();
    const firing = async () => {
      const found = await backends.prometheus(
        `count by (alertname, host_name, gpu) (max_over_time(ALERTS{alertstate="firing", area=~"gpu|host"}[${FAULT_MINUTES}m]))`,
      );
      return found
        .map(({ labels: { alertname, host_name = "", gpu = "" } }) => `${alertname} ${host_name} ${gpu}`.trim())
        .toSorted();
    };
    let found: readonly string[] = [];
    while (Date.now() - at < FAULT_MINUTES * 60_000) {
      found = await firing();
      if (wanted.every((one) => found.includes(one))) break;
      await sleep(10_000);
    }
    // Whatever else they set off would show within the longest `for`.
    await sleep(120_000);
    found = await firing();
    console.log(`${FAULTS.length} faults, ${found.length} alerts in ${Math.round((Date.now() - at) / 1000)} s`);
    expect(found).toEqual(wanted);
  }, 1_200_000);

  it("notifies of an Xid once, through two Alertmanagers, within 60 seconds", async () => {
    const at = Date.now();
    const isOurs = ({ labels }: Pick<NotifiedAlert, "labels">) =>
      labels["alertname"] === "GpuXidCritical" &&
      labels["host_name"] === "gpu-2" &&
      labels["gpu"] === String(NOTIFIED.gpu);
    await inject(NOTIFIED, environment);
    const first = await receiver.waitFor(({ alerts }) => alerts.some(isOurs), 60);
    console.log(`fault to notification: ${((first.at - at) / 1000).toFixed(1)} s`);
    for (const replica of [1, 2])
      expect((await backends.alerts(replica)).some(isOurs), `replica ${replica}`).toBe(true);
    // The second replica waits for its turn before it would notify as well.
    await sleep(30_000);
    const heard = receiver.notifications.filter(({ alerts }) => alerts.some(isOurs));
    expect(heard).toHaveLength(1);
    const alert = heard[0]?.alerts.find(isOurs);
    const text = expect.any(String) as string;
    expect(alert?.labels).toMatchObject({ host_name: "gpu-2", hpc_job: text, severity: "critical" });
    expect(alert?.annotations).toMatchObject({
      runbook_url: "https://runbooks.example.org/GpuXidCritical.md",
      dashboard_url: expect.stringMatching(/^https:\/\/grafana\.example\.org\/.*var-host_name=gpu-2/) as string,
    });
  }, 150_000);

  const report = (title: string, swept: readonly Swept[]) => {
    const excused = swept.filter((one) => !one.found && one.excused !== undefined);
    console.log(`${title}: ${swept.length} queries, ${swept.filter(({ found }) => found).length} with series`);
    for (const { name, excused: why } of excused) console.log(`  nothing, as expected: ${name} (${why})`);
    expect(failuresOf(swept)).toEqual([]);
  };

  it("has series for every recording rule", async () => {
    const rules = AREAS.flatMap((area) => area.recordings(settings.inventory));
    report("recording rules", await sweepRecordings(backends, rules));
  }, 300_000);

  it("has the series every alert reads", async () => {
    report(`${alerts.length} alerts`, await sweepAlerts(backends, alerts));
  }, 300_000);

  it("has data for every panel", async () => {
    const queries = dashboards.flatMap(queriesOf);
    report(`${dashboards.length} dashboards`, await sweepPanels(backends, queries));
  }, 600_000);
});
