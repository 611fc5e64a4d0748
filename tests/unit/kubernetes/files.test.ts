import { describe, expect, it } from "vitest";
import { planConfigMaps } from "../../../components/runtime/kubernetes/config-map.ts";
import type { Workload } from "../../../components/runtime/workload.ts";
import { mountedFiles, objectsOf, ofKind, type PlainObject, planStack, podOf, workloadOf } from "./planned.ts";

const { workloads, settings } = planStack("production");
const prometheus = workloadOf(workloads, "prometheus");
const namesOf = (workload: Workload) =>
  ofKind(objectsOf(workload, settings), "ConfigMap").map(({ metadata }) => metadata.name);

const bytesOf = ({ data = {} }: PlainObject) =>
  Object.entries(data).reduce((sum, [key, content]) => sum + Buffer.byteLength(key) + Buffer.byteLength(content), 0);

describe("configuration", () => {
  it("has a name that says its content, so that pods of two versions each read their own", () => {
    const [before] = namesOf(prometheus);
    const [same] = namesOf({ ...prometheus, args: [...prometheus.args, "--log.level=debug"] });
    const [after] = namesOf({ ...prometheus, files: { ...prometheus.files, "prometheus.yml": "other" } });
    expect(before).toMatch(/^prometheus-[0-9a-f]{16}$/);
    expect(same).toBe(before);
    expect(after).not.toBe(before);
  });

  it("is all there, byte for byte, at the path its workload says", () => {
    for (const workload of workloads) {
      const objects = objectsOf(workload, settings);
      const configMaps = ofKind(objects, "ConfigMap");
      const byKey = Object.assign({}, ...configMaps.map(({ data }) => data)) as Record<string, string>;
      // Beside it lies what the pod's own readiness is asked with.
      const planned = Object.entries(byKey).flatMap(([key, text]) => (key === "health-client.yml" ? [] : [text]));
      expect(planned.toSorted()).toEqual(Object.values(workload.files).toSorted());
      const mounted = mountedFiles(podOf(objects));
      for (const path of Object.keys(workload.files)) expect(mounted).toContain(`/etc/gpu-observability/${path}`);
      for (const { immutable } of configMaps) expect(immutable).toBe(true);
    }
  });

  it("fits the API server although there is much of it", () => {
    const line = "x".repeat(1023) + "\n";
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`dashboards/${index}.json`, `${index} ${line.repeat(60)}`]),
    );
    const objects = objectsOf({ ...prometheus, files }, settings);
    const configMaps = ofKind(objects, "ConfigMap");
    expect(configMaps.length).toBeGreaterThan(1);
    for (const configMap of configMaps) expect(bytesOf(configMap)).toBeLessThan(1024 * 1024);
    expect(new Set(configMaps.map(({ metadata }) => metadata.name)).size).toBe(configMaps.length);
    expect(mountedFiles(podOf(objects)).filter((path) => path.includes("/dashboards/"))).toHaveLength(40);
  });

  it("rejects a file that no object can hold, and two paths that one key would stand for", () => {
    const files = { "big.json": "x".repeat(1024 * 1024), "a/b.yml": "1", "a__b.yml": "2", "bad name": "3" };
    expect(() => planConfigMaps({ name: "grafana", files })).toThrow(
      /^3 problems:[^]*bad name[^]*a__b\.yml[^]*big\.json/,
    );
  });
});

describe("secrets", () => {
  it("are delivered by name, never by value, and readable by the program's group alone", () => {
    const objects = objectsOf(workloadOf(workloads, "gateway"), settings);
    const [secret] = ofKind(objects, "Secret");
    expect(secret?.stringData).toEqual({
      "tls__ca.pem": "<ca.pem of gateway>",
      "tls__cert.pem": "<cert.pem of gateway>",
      "tls__key.pem": "<key.pem of gateway>",
      "secrets__otlp-token": "<otlp-token>",
      "secrets__greptimedb-password": "<greptimedb-password>",
    });
    const { sources } = podOf(objects).volumes.find(({ name }: { name: string }) => name === "files").projected;
    const items = sources.flatMap((source: { secret?: { items: { mode: number }[] } }) => source.secret?.items ?? []);
    expect(items).toHaveLength(5);
    for (const { mode } of items) expect(mode).toBe(0o440);
  });

  it("lie where certificates and tokens are looked for", () => {
    for (const workload of workloads) {
      const mounted = mountedFiles(podOf(objectsOf(workload, settings)));
      for (const path of Object.keys(workload.secretFiles)) {
        expect(mounted).toContain(`/etc/gpu-observability/secrets/${path}`);
      }
      for (const part of workload.certificate === undefined ? [] : ["ca.pem", "cert.pem", "key.pem"]) {
        expect(mounted).toContain(`/etc/gpu-observability/tls/${part}`);
      }
    }
  });
});

describe("arguments and variables", () => {
  it("reach the program as they are, although Kubernetes reads $(NAME)", () => {
    const workload = {
      ...prometheus,
      args: ["--match=^a($|/)$(HOME)$$"],
      env: { PATTERN: "$(POD_NAME)", HOME_OF: "${X}" },
    };
    const [container] = podOf(objectsOf(workload, settings)).containers;
    expect(container.args.map(expanded)).toEqual(workload.args);
    const own = container.env.filter(({ name }: { name: string }) => name in workload.env);
    expect(own.map(({ value }: { value: string }) => expanded(value))).toEqual(Object.values(workload.env));
  });
});

/** What kubelet makes of `$(NAME)` and `$$`: third_party/forked/golang/expansion/expand.go of Kubernetes. */
function expanded(text: string): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (match) => (match === "$$" ? "$" : "EXPANDED"));
}
