import { describe, expect, it } from "vitest";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { type Change, toLine } from "../../../infra/summary/change.ts";
import { diffSummaries } from "../../../infra/summary/diff.ts";
import { CATALOGUE } from "../../../infra/toolchain/catalogue.ts";
import { type Raw, summaryOf } from "./stacks.ts";
import { HOST_KEY } from "../../support/host-key.ts";

/** They follow from the other groups. */
const CONSEQUENCES = ["dashboards", "files", "cost"];
const PRODUCTION = summaryOf("production");

const changesAfter = (edit: (raw: Raw) => void) => diffSummaries(PRODUCTION, summaryOf("production", edit));
const causes = (changes: readonly Change[]) =>
  changes.filter(({ group }) => !CONSEQUENCES.includes(group)).map((change) => `${change.group}: ${toLine(change)}`);

describe("the difference of two summaries", () => {
  it.each(ENVIRONMENT_NAMES)("is nothing where %s is planned twice", (name) => {
    expect(diffSummaries(summaryOf(name), summaryOf(name))).toEqual([]);
  });

  it.each<[what: string, edit: (raw: Raw) => void, expected: string[]]>([
    [
      "a threshold with the alert it decides",
      (raw) => (raw["alerts"] = { gpu: { temperature: 90 } }),
      ["thresholds: threshold gpu.temperature 85 -> 90: alert GpuTooHot"],
    ],
    [
      "a sampling rate of a service",
      (raw) => (raw["sampling"].services["workflow-service"] = 0.2),
      ["sampling: sampling workflow-service 0.1 -> 0.2"],
    ],
    [
      "a service that gets a rate of its own",
      (raw) => (raw["sampling"].services["model-server"] = 0.5),
      ["sampling: sampling model-server 0.1 (the default) -> 0.5"],
    ],
    [
      "a service that falls back to the default",
      (raw) => delete raw["sampling"].services["sploot-media-clustering"],
      ["sampling: sampling sploot-media-clustering 0.2 -> 0.1 (the default)"],
    ],
    [
      "a new host, without a word of its agent and exporters",
      (raw) =>
        raw["hosts"].push({ name: "gpu-7", runtime: "ssh", address: "gpu-7.internal", gpus: 4, hostKey: HOST_KEY }),
      ["hosts: host gpu-7 added (ssh, 4 GPUs)"],
    ],
    ["a host that is gone", (raw) => raw["hosts"].splice(1, 1), ["hosts: host gpu-2 removed (ssh, 8 GPUs)"]],
    ["a backend's retention", (raw) => (raw["tempo"].retention = "30d"), ["retention: retention tempo 14d -> 30d"]],
    [
      "another bucket",
      (raw) => (raw["loki"].storage.bucket = "loki-2"),
      ["retention: storage loki s3 objects.internal/loki-production -> s3 objects.internal/loki-2"],
    ],
    [
      "a port",
      (raw) => (raw["network"] = { ports: { "prometheus.http": 19090 } }),
      ["ports: port http 9090 -> 19090: prometheus"],
    ],
    [
      "a receiver that is added and told of nothing",
      (raw) => raw["alertmanager"].receivers.push({ kind: "webhook", name: "pager", secret: "pagerUrl" }),
      ["receivers: receiver pager added (webhook, told of nothing)"],
    ],
    [
      "who is told of critical alerts",
      (raw) => (raw["alertmanager"].severities.critical = ["on-call", "operations"]),
      [
        "receivers: receiver gpu-alerts: told of critical + warning -> warning",
        "receivers: receiver operations: told of warning -> critical + warning",
      ],
    ],
    [
      "an alert that is switched off",
      (raw) => (raw["alerts"] = { disabled: ["GpuTooHot"] }),
      ["alerts: alert GpuTooHot disabled (warning, for 5m)"],
    ],
    ["replicas", (raw) => (raw["gateways"].count = 3), ["sizes: replicas 2 -> 3: gateway"]],
    [
      "a memory limit",
      (raw) => (raw["prometheus"].memoryMiB = 9000),
      ["sizes: memory limit in MiB 8192 -> 9000: prometheus"],
    ],
    [
      "who is let in from outside",
      (raw) => (raw["kubernetes"].hostNetworks = ["0.0.0.0/0"]),
      ["settings: kubernetes.hostNetworks 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 -> 0.0.0.0/0"],
    ],
    [
      "an image of somebody's own",
      (raw) => (raw["kubernetes"].images = { otelcol: "registry.example.org/otelcol:1.0" }),
      ["settings: kubernetes.images.otelcol registry.example.org/otelcol:1.0, new"],
    ],
    [
      "how hosts are reached",
      (raw) => (raw["ssh"] = { sudo: "passwordless" }),
      ["settings: ssh.sudo passwordless, new"],
    ],
    [
      "the mirror of all images",
      (raw) => (raw["kubernetes"].imageRegistry = "mirror.internal"),
      ["images: images pulled from their own registries -> mirror.internal"],
    ],
  ])("tells %s, in that group alone", (_what, edit, expected) => {
    expect(causes(changesAfter(edit))).toEqual(expected);
  });

  it("tells another version of a program with its image and every workload that runs it", () => {
    const tempo = { ...CATALOGUE.sources["tempo"], version: "2.9.1", image: "grafana/tempo:2.9.1" };
    const bumped = { ...CATALOGUE, sources: { ...CATALOGUE.sources, tempo } };
    const changes = diffSummaries(PRODUCTION, summaryOf("production", undefined, bumped));
    const old = CATALOGUE.sources["tempo"];
    expect(changes.map(toLine)).toEqual([
      `image tempo ${old?.version} -> 2.9.1 (${old?.image} -> grafana/tempo:2.9.1): tempo`,
    ]);
  });

  it("tells each rendered file that follows, and what it will cost", () => {
    const changes = changesAfter((raw) => (raw["sampling"].services["workflow-service"] = 0.2));
    const of = (group: string) => changes.filter((change) => change.group === group).map(toLine);
    expect(of("files")).toEqual([
      expect.stringMatching(/^file gateway\/otel-collector-config\.yaml changed \(\d+ lines\)$/),
    ]);
    expect(of("cost")).toContainEqual(expect.stringMatching(/^spans kept\/s [\d.]+ -> [\d.]+ \(\+[\d.]+ %\)$/));
  });

  it("counts added and removed lines where it has them", () => {
    const now = summaryOf("production", (raw) => (raw["sampling"].default = 0.3));
    const lines = { "gateway/otel-collector-config.yaml": { added: 3, removed: 1 } };
    expect(diffSummaries(PRODUCTION, now, lines).map(toLine)).toContain(
      "file gateway/otel-collector-config.yaml changed (+3 -1 lines)",
    );
  });

  it("tells the same change of several hosts once", () => {
    const now = summaryOf("production", (raw) => (raw["metrics"].scrapeInterval = "30s"));
    const files = diffSummaries(PRODUCTION, now).filter(({ what }) => what.startsWith("file agent/"));
    expect(files.flatMap(({ of }) => of)).toEqual(["gpu-1", "gpu-2", "gpu-nodes"]);
    expect(files.length).toBeLessThan(3);
  });

  it("says nothing of parts that one side lacks", () => {
    const { environment, hosts } = PRODUCTION;
    const { "gpu-1": first, ...others } = hosts;
    expect(first?.gpus).toBe(8);
    const changes = diffSummaries({ environment, hosts: others }, PRODUCTION);
    expect(changes.map(toLine)).toEqual(["host gpu-1 added (ssh, 8 GPUs)"]);
  });

  it("tells a rewritten condition, but not beside the threshold that moved it", () => {
    const [alert] = Object.values(PRODUCTION.alerts);
    const base = { ...PRODUCTION, alerts: { GpuSick: { ...alert, condition: "a", thresholds: { "gpu.limit": 1 } } } };
    const after = (limit: number) => ({
      ...base,
      alerts: { GpuSick: { ...base.alerts.GpuSick, condition: "b", thresholds: { "gpu.limit": limit } } },
    });
    // @ts-expect-error a made-up alert with the parts that count here
    const lines = (limit: number) => diffSummaries(base, after(limit)).map(toLine);
    expect(lines(1)).toEqual(["alert GpuSick: condition changed"]);
    expect(lines(2)).toEqual([]);
  });
});
