import { describe, expect, it } from "vitest";
import { toAddressText } from "../../../infra/cli/addresses.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import type { EnvironmentName } from "../../../infra/environment/schema.ts";
import { planTopology } from "../../../infra/topology/plan.ts";

const CA = "/state/operator/ca.pem";
const textOf = (name: EnvironmentName, unavailable = {}, built: readonly string[] = []) =>
  toAddressText(planTopology(readEnvironment(PROJECT_ROOT, name), unavailable), { caFile: CA, built: new Set(built) });

describe("the addresses of local", () => {
  it("are the page and the backends behind it, where Grafana cannot be had", () => {
    expect(textOf("local", { grafana: "no archive", greptimedb: "no archive" }, ["prometheus", "jaeger"])).toBe(
      [
        "Open in a browser",
        "  http://127.0.0.1:8870/                    this project's own page: GPU fleet, GPU, Telemetry pipeline, alerts that fire",
        "  http://127.0.0.1:8871/                    Prometheus: HTTP API alone, it was built here without its pages",
        "  http://127.0.0.1:8872/                    Alertmanager",
        "  http://127.0.0.1:8873/                    Jaeger: HTTP API alone, it was built here without its pages",
        "  http://127.0.0.1:8874/api/search          Tempo: HTTP API",
        "  http://127.0.0.1:8875/loki/api/v1/labels  Loki: HTTP API",
        "  user viewer (page and backends); the passwords: npm run status -- local --passwords",
        "  left out: Grafana: no archive",
      ].join("\n"),
    );
  });

  it("are Grafana and its dashboards by name too, where it is there, with users and the way to the passwords", () => {
    const text = textOf("local");
    expect(text).toMatch(/^ {2}http:\/\/127\.0\.0\.1:8871\/ +Prometheus$/m);
    expect(text).toMatch(/^ {2}https:\/\/127\.0\.0\.1:3000 +Grafana$/m);
    expect(text).toMatch(/^ {2}https:\/\/127\.0\.0\.1:3000\/d\/gpu-fleet +dashboard GPU fleet$/m);
    expect(text).toContain(
      "user viewer (page and backends), admin (Grafana), greptime_user (GreptimeDB); the passwords:",
    );
    expect(text).toContain(`Grafana's certificate is signed by the environment's own authority: ${CA}`);
  });

  it("say how to get the page where it is switched off", () => {
    const raw = { runtime: "process", hosts: [{ name: "gpu-1", runtime: "process" }], console: { enabled: false } };
    const text = toAddressText(planTopology(loadEnvironment("local", raw)), { caFile: CA, built: new Set() });
    expect(text).toContain("left out: the page: switched off: console.enabled is false");
    expect(text).not.toContain("8870");
  });
});

describe("the addresses of other stacks", () => {
  it.each(["staging", "production"] as const)("of %s are where the ingress publishes Grafana", (name) => {
    const text = textOf(name);
    const { ingress } = readEnvironment(PROJECT_ROOT, name).kubernetes;
    expect(text).toContain(`https://${ingress?.host}/d/gpu-fleet`);
    expect(text).toContain("reached inside their cluster alone");
    expect(text).not.toMatch(/svc|8870|127\.0\.0/);
  });

  it("of dev are Grafana's on the engine's machine; browsers have no certificate for the backends", () => {
    const text = textOf("dev");
    expect(text).toContain("https://127.0.10.10:3000");
    expect(text).toContain("ask for a client certificate, which browsers have not");
  });

  it("of a cluster without an ingress are a forwarded port", () => {
    const raw = { runtime: "kubernetes", hosts: [{ name: "gpu", runtime: "kubernetes" }], grafana: { enabled: true } };
    const text = toAddressText(planTopology(loadEnvironment("dev", raw)), { caFile: CA, built: new Set() });
    expect(text).toContain("kubectl -n gpu-observability port-forward service/grafana 3000:3000");
  });
});
