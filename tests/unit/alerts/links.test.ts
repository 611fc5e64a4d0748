import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { describe, expect, it } from "vitest";
import { planLinks } from "../../../components/alerts/links.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { publishedCentral } from "../../../infra/topology/published.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES, type EnvironmentName } from "../../../infra/environment/schema.ts";

const HOST = { runtime: "process", hosts: [{ name: "gpu-1", runtime: "process", simulated: true, gpus: 8 }] };
const LABELS: Readonly<Record<string, string>> = { host_name: "gpu-1", gpu: "3", service_name: "nightly-report" };

interface Alert {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What was rendered for a stack: its files are what its programs read. */
function goldenOf(name: EnvironmentName) {
  const folder = join(PROJECT_ROOT, "tests", "golden", name);
  const read = (pattern: string) => globSync(join(folder, pattern)).map((path) => readFileSync(path, "utf8"));
  const alerts = read("prometheus*/rules/*.yml").flatMap((text) =>
    (parse(text) as RuleFile).groups.flatMap(({ rules }) =>
      rules.flatMap(({ alert, annotations }) => (alert === undefined ? [] : [{ name: alert, annotations }])),
    ),
  );
  const objects = read("*/manifests.yaml").flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as Manifest | null),
  );
  const args = read("alertmanager*/workload.json").map((text) => (JSON.parse(text) as { args: string[] }).args);
  return {
    alerts,
    ingressHosts: objects.flatMap((object) =>
      object?.kind === "Ingress" ? (object.spec.rules ?? []).map(({ host }) => host) : [],
    ),
    alertPages: args.map((list) => list.find((arg) => arg.startsWith("--web.external-url="))?.split("=")[1] ?? ""),
    args,
    hasDashboard: (uid: string) => existsSync(join(folder, "grafana", "dashboards", `${uid}.json`)),
  };
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { alert?: string; annotations: Alert["annotations"] }[] }[];
}
interface Manifest {
  readonly kind: string;
  readonly spec: { readonly rules?: readonly { readonly host: string }[] };
}

/** The link as Prometheus makes it for an alert with {@link LABELS}. */
function expand(template: string): string {
  return template
    .replaceAll(/\{\{ with \$labels\.(\w+) \}\}(.*?)\{\{ end \}\}/g, (_, label: string, then: string) =>
      LABELS[label] === undefined ? "" : then.replaceAll("{{ . | urlQueryEscape }}", LABELS[label]),
    )
    .replaceAll(/\{\{ \$labels\.(\w+) \| urlQueryEscape \}\}/g, (_, label: string) => LABELS[label] ?? "");
}

/** LogQL of a link to Grafana's page of lines. */
function logqlOf(link: string): string {
  const panes = JSON.parse(new URL(expand(link)).searchParams.get("panes") ?? "") as Panes;
  return panes.a.queries[0]?.expr ?? "";
}
interface Panes {
  readonly a: { readonly queries: readonly { readonly expr: string }[] };
}

/** Where people reach the Grafana of each stack, as it is rendered; `local` has none without its program. */
const GRAFANA: Readonly<Record<EnvironmentName, (golden: ReturnType<typeof goldenOf>) => readonly string[]>> = {
  local: () => [],
  dev: () => [`${publishedCentral(readEnvironment(PROJECT_ROOT, "dev"), "grafana", 0)}:3000`],
  staging: ({ ingressHosts }) => ingressHosts,
  production: ({ ingressHosts }) => ingressHosts,
};

describe.each(ENVIRONMENT_NAMES)("the links of %s as rendered", (name) => {
  const golden = goldenOf(name);
  const { alerts } = golden;
  const hosts = GRAFANA[name](golden);
  const linksOf = (annotation: string) =>
    alerts.flatMap(({ annotations }) => (annotations[annotation] === undefined ? [] : [annotations[annotation]]));

  it("lead to a runbook page that exists, at the published address where the stack states one", () => {
    const { runbooks } = readEnvironment(PROJECT_ROOT, name).alerts;
    expect(alerts.length).toBeGreaterThan(50);
    for (const { name: alert, annotations } of alerts) {
      const page = runbooks === undefined ? annotations["runbook"] : annotations["runbook_url"];
      expect(page).toBe(`${runbooks ?? "infra/runbooks/alerts"}/${alert}.md`);
      expect(existsSync(join(PROJECT_ROOT, "infra", "runbooks", "alerts", `${alert}.md`)), alert).toBe(true);
      expect("runbook_url" in annotations && "runbook" in annotations).toBe(false);
    }
  });

  it("lead to dashboards that the stack's Grafana has, at the address people reach it by", () => {
    const links = linksOf("dashboard_url");
    expect(links).toHaveLength(hosts.length === 0 ? 0 : alerts.length);
    for (const link of links) {
      const { protocol, host, pathname } = new URL(expand(link));
      expect([protocol, host]).toEqual(["https:", hosts[0]]);
      expect(golden.hasDashboard(pathname.replace("/d/", "")), link).toBe(true);
    }
  });

  it("lead to log lines there, of the alert's own host and service", () => {
    const links = linksOf("logs_url");
    expect(links.length > 0).toBe(hosts.length > 0);
    for (const link of links) {
      const { host, pathname } = new URL(expand(link));
      expect([host, pathname]).toEqual([hosts[0], "/explore"]);
      expect(logqlOf(link)).toMatch(/^\{service_name="[\w-]+"\}.* \| host_name="gpu-1"$/);
    }
  });

  it("lead to a page with every alert, out of the cluster where there is one", () => {
    expect(golden.alertPages.length).toBeGreaterThan(0);
    for (const page of golden.alertPages) {
      // The console's front is on loopback alone, and speaks HTTP.
      expect(page).toMatch(name === "local" ? /^http:\/\/127\.0\.0\.1:\d+$/ : /^https:\/\/[^/]+/);
      expect(page).not.toMatch(/\.svc|alertmanager-a/);
      if (golden.ingressHosts.length > 0) expect(new URL(page).host).toBe(golden.ingressHosts[0]);
    }
    const isBelowPath = golden.alertPages.map((page) => new URL(page).pathname !== "/");
    expect(golden.args.map((args) => args.includes("--web.route-prefix=/"))).toEqual(isBelowPath);
  });
});

describe("the links of an alert", () => {
  it("lead to the logs of the service that failed, whichever it is", () => {
    const failing = goldenOf("production").alerts.filter(({ name }) =>
      ["HighErrorRate", "FailedWorkflows", "TimeoutErrors"].includes(name),
    );
    expect(failing).toHaveLength(3);
    for (const { annotations } of failing) {
      expect(logqlOf(annotations["logs_url"] ?? "")).toContain('{service_name="nightly-report"}');
    }
  });

  it("are left out where nobody can open them: no Grafana, no published runbooks", () => {
    const alert = { name: "GpuTooHot", dashboard: "gpu-device", logs: '{service_name="kernel"}' } as const;
    expect(planLinks(alert, {})).toEqual({ runbook: "infra/runbooks/alerts/GpuTooHot.md" });
  });
});

describe("an address for people", () => {
  it("rejects runbooks that are a path: a notification could not open it", () => {
    const raw = { ...HOST, alerts: { runbooks: "infra/runbooks/alerts" } };
    expect(() => loadEnvironment("local", raw)).toThrow(/alerts\.runbooks/);
  });

  it("rejects an address of Grafana on a cluster that lets nobody in, and says what does", () => {
    const hosts = [{ name: "pool", runtime: "kubernetes", gpus: 8 }];
    const raw = { runtime: "kubernetes", hosts, grafana: { enabled: true, publicUrl: "https://grafana.example.org" } };
    expect(() => loadEnvironment("dev", raw)).toThrow(
      /grafana\.publicUrl[\s\S]*kubernetes\.ingress: \{ host: grafana\.example\.org, tls: … \}/,
    );
  });

  it("rejects an address of a Grafana beside that of an external one", () => {
    const grafana = {
      publicUrl: "https://grafana.example.org",
      external: { url: "https://other.example.org", token: "grafanaToken" },
    };
    expect(() => loadEnvironment("local", { ...HOST, grafana })).toThrow(
      /remove grafana\.publicUrl, or grafana\.external/,
    );
  });
});
