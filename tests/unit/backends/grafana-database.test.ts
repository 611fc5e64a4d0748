import { describe, expect, it } from "vitest";
import type { GrafanaDatabase } from "../../../components/grafana/settings.ts";
import { grafanaWorkload } from "../../../components/grafana/workload.ts";
import { messageOf } from "../../support/problems.ts";
import { AUTHORITY, placeSet } from "./replicated-fixture.ts";

const DATABASE: GrafanaDatabase = {
  address: "postgres.example.org:5432",
  name: "grafana",
  user: "grafana",
  password: "grafanaDatabasePassword",
};
const RECEIVERS = [{ kind: "webhook", name: "on-call", secret: "hookUrl" }] as const;
const grafana = (replicas: number, database?: GrafanaDatabase) =>
  grafanaWorkload({
    placement: placeSet("grafana", { http: 3000 }, replicas),
    sources: { prometheus: { host: "prometheus-0", port: 9090 } },
    receivers: RECEIVERS,
    database,
  });

describe("Grafana on PostgreSQL", () => {
  const workload = grafana(2, DATABASE);

  it("runs as several copies and keeps nothing on a volume", () => {
    expect(workload.replicas).toBe(2);
    expect(workload.volumes.map(({ stateful }) => stateful)).toEqual([false]);
  });

  it("speaks TLS to it, checks its name, and reads the password and the sealing key from files", () => {
    expect(workload.env).toMatchObject({
      GF_DATABASE_TYPE: "postgres",
      GF_DATABASE_HOST: "postgres.example.org:5432",
      GF_DATABASE_SSL_MODE: "verify-full",
      GF_DATABASE_PASSWORD: "$__file{/etc/gpu-observability/secrets/grafana-database-password}",
      GF_SECURITY_SECRET_KEY: "$__file{/etc/gpu-observability/secrets/grafana-secret-key}",
    });
    expect(workload.secretFiles).toMatchObject({
      "grafana-database-password": "grafanaDatabasePassword",
      "grafana-secret-key": "grafana-secret-key",
    });
  });

  it("trusts the server's own authority where the machine does not know it", () => {
    const own = grafana(2, { ...DATABASE, authority: AUTHORITY });
    expect(own.files["grafana-database-ca.pem"]).toBe(AUTHORITY);
    expect(own.env["GF_DATABASE_CA_CERT_PATH"]).toBe("/etc/gpu-observability/grafana-database-ca.pem");
    expect(workload.env).not.toHaveProperty("GF_DATABASE_CA_CERT_PATH");
  });

  it("leaves alerting to Alertmanager: copies would each tell of every alert", () => {
    expect(workload.env).toMatchObject({ GF_UNIFIED_ALERTING_ENABLED: "false" });
    expect(Object.keys(workload.files).filter((file) => file.includes("alerting"))).toEqual([]);
    expect(workload.secretFiles).not.toHaveProperty("hookUrl");
  });
});

describe("Grafana without a database", () => {
  it("is one copy on a volume of its own, as before", () => {
    const workload = grafana(1);
    expect(workload.volumes).toEqual([{ name: "grafana", sizeMiB: 1024, stateful: true }]);
    expect(Object.keys(workload.env).filter((key) => /DATABASE|SECRET_KEY|ALERTING/.test(key))).toEqual([]);
    expect(workload.files).toHaveProperty(["provisioning/alerting/contact-points.yaml"]);
    expect(workload.replicas).toBeUndefined();
  });

  it("rejects several copies", () => {
    expect(messageOf(() => grafana(2))).toContain("grafana: replicas\n    expected  1 without a database");
  });
});
