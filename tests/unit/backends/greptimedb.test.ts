import { describe, expect, it } from "vitest";
import { greptimedbWorkload } from "../../../components/greptimedb/workload.ts";
import { CONTAINER_PATHS, PROCESS_PATHS, type WorkloadPaths } from "../../../components/runtime/workload.ts";
import { placementOf, valuesOf } from "./fixture.ts";

const workloadIn = (paths: WorkloadPaths) =>
  greptimedbWorkload({
    placement: placementOf("greptimedb", { http: 4000, grpc: 4001, mysql: 4002, postgres: 4003 }, paths),
    retention: "30d",
  });
const workload = workloadIn(PROCESS_PATHS);

describe("GreptimeDB", () => {
  it("runs in one process", () => {
    expect(workload.args.slice(0, 2)).toEqual(["standalone", "start"]);
  });

  it.each([
    ["--http-addr", "127.0.0.1:4000"],
    ["--grpc-bind-addr", "127.0.0.1:4001"],
    ["--mysql-addr", "127.0.0.1:4002"],
    ["--postgres-addr", "127.0.0.1:4003"],
  ])("listens where it was placed: %s", (flag, address) => {
    expect(valuesOf(workload, flag)).toEqual([address]);
  });

  it("asks for TLS on the protocols that have it", () => {
    expect(valuesOf(workload, "--tls-mode")).toEqual(["require"]);
    expect(valuesOf(workload, "--tls-cert-path")).toEqual(["tls/cert.pem"]);
    expect(valuesOf(workload, "--tls-key-path")).toEqual(["tls/key.pem"]);
  });

  it("knows its users from a file of secrets and lets in nobody else (S2-48)", () => {
    expect(valuesOf(workload, "--user-provider")).toEqual(["static_user_provider:file:secrets/greptimedb-users"]);
    expect(workload.secretFiles).toEqual({ "greptimedb-users": "greptimedb-users" });
    expect(Object.values(workload.ports).map(({ access }) => access)).toEqual(Array(4).fill("password"));
  });

  it.each([
    ["beside a process", PROCESS_PATHS, "data/greptimedb"],
    ["in a container", CONTAINER_PATHS, `${CONTAINER_PATHS.data}/greptimedb`],
  ])("keeps its data in its volume %s", (_, paths, folder) => {
    expect(workloadIn(paths).files["greptimedb.toml"]).toContain(`data_home = "${folder}"`);
    expect(workload.volumes).toMatchObject([{ name: "greptimedb", stateful: true }]);
  });

  it("reports nothing about its use, and keeps the logs of one day", () => {
    const { sections, top } = readToml(workload.files["greptimedb.toml"] ?? "");
    expect(top).toEqual(["enable_telemetry = false"]);
    expect(sections["logging"]).toEqual(["max_log_files = 24"]);
    expect(sections["storage"]).toEqual(['data_home = "data/greptimedb"', 'type = "File"']);
  });

  it("takes no OTLP over gRPC and claims no port of it (C-08, C-09)", () => {
    expect(JSON.stringify(workload.args)).not.toMatch(/431[78]/);
  });
});

/** The lines of each section; TOML takes a key that stands before the first section as one of the whole file. */
function readToml(text: string): { top: readonly string[]; sections: Readonly<Record<string, readonly string[]>> } {
  const [top = "", ...parts] = text.split(/^\[/m);
  const linesOf = (part: string) => part.split("\n").filter(Boolean);
  const sections = parts.map(linesOf).map(([name = "", ...lines]) => [name.replace("]", ""), lines] as const);
  return { top: linesOf(top), sections: Object.fromEntries(sections) };
}
