import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileAsset } from "@pulumi/pulumi/asset/index.js";
import * as proxy from "@pulumi/policy/proxy.js";
import { describe, expect, it } from "vitest";
import { listenersOf } from "../../infra/policy/read/listeners.ts";
import { readPlatform } from "../../infra/policy/read/platform.ts";
import { openBundle, readTar } from "../../infra/policy/read/tar.ts";
import { archiveOf, bundleResource } from "./bundles.ts";
import { COLLECTOR } from "./downgrades/downgrade.ts";
import { kubernetesResources } from "./manifests.ts";
import { violations } from "./violations.ts";

const production = kubernetesResources("production");
const AGENT = `config/gpu-1-agent/${COLLECTOR}`;

/** Production with one text of a host's bundle replaced by another. */
function withBundle(path: string, from: string, to: string) {
  const files = readTar(archiveOf("gpu-1"));
  expect(files[path]).toContain(from);
  return [...production, bundleResource("gpu-1", { ...files, [path]: files[path]?.replaceAll(from, to) ?? "" })];
}

describe("the bundle of an ssh host", () => {
  it("passes as written, every service with its program, limits and listeners", () => {
    const { units } = readPlatform([bundleResource("gpu-1")]);
    const read = units.map(({ name, program, limits }) => [name, program, limits?.memoryMiB !== undefined]);
    expect(read).toEqual(
      expect.arrayContaining([
        ["gpu-1-agent", "otelcol", true],
        ["gpu-1-dcgm-exporter", "dcgm-exporter", true],
        ["gpu-1-node-exporter", "node_exporter", true],
      ]),
    );
    const ports = units.flatMap(listenersOf).map(({ host, port }) => `${host}:${port}`);
    expect(ports.sort()).toEqual(
      ["4317", "4318", "8887", "9100", "9400", "13133"].map((port) => `127.0.0.1:${port}`).sort(),
    );
    expect(violations([...production, bundleResource("gpu-1"), bundleResource("gpu-2")])).toEqual([]);
  });

  it("is opened where the asset of the engine lies", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gpu-observability-bundle-"));
    const path = join(folder, "bundle.tar");
    writeFileSync(path, archiveOf("gpu-1"));
    const { unknownCheckingProxy } = proxy as unknown as {
      unknownCheckingProxy: (value: object) => { source: unknown };
    };
    const { source } = unknownCheckingProxy({ source: new FileAsset(path) });
    expect(Object.keys(await openBundle(source))).toContain(AGENT);
    rmSync(folder, { recursive: true, force: true });
  });

  it("rejects an agent that loses its queue in a restart", () => {
    const broken = withBundle(AGENT, "storage: file_storage", "blocking: true");
    expect(violations(broken).join("\n")).toContain("collector-persistent-queue: service gpu-1-agent on gpu-1");
  });

  it("rejects an agent that listens on every address of its host", () => {
    const broken = withBundle(AGENT, "127.0.0.1:4317", "0.0.0.0:4317");
    expect(violations(broken).join("\n")).toContain(
      "listeners-encrypted: service gpu-1-agent on gpu-1: receiver otlp grpc",
    );
  });

  it("rejects two services of a host on one port, and accepts the same port on two hosts", () => {
    const broken = withBundle(AGENT, "127.0.0.1:13133", "127.0.0.1:9100");
    expect(violations(broken).join("\n")).toContain("no-port-clashes: service gpu-1-");
  });

  it("rejects a service without a memory limit", () => {
    const broken = withBundle("units/gpu-observability-dcgm-exporter.service", "MemoryMax=768M", "MemoryMax=infinity");
    expect(violations(broken)).toEqual([
      expect.stringContaining("requests-and-limits: service gpu-1-dcgm-exporter on gpu-1"),
    ]);
  });

  it("rejects a DCGM exporter with too little for its GPUs", () => {
    const broken = withBundle("units/gpu-observability-dcgm-exporter.service", "MemoryMax=768M", "MemoryMax=512M");
    expect(violations(broken)).toEqual([expect.stringContaining("8 GPUs need 768 MiB")]);
  });
});
