import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RULES } from "../../infra/policy/rules.ts";
import { previewResources } from "../support/policy-pack.ts";
import { archiveOf } from "./bundles.ts";
import { DOWNGRADES } from "./downgrades/all.ts";
import { edit } from "./downgrades/downgrade.ts";
import { kubernetesResources } from "./manifests.ts";
import { urnOf } from "./processes.ts";
import { violations } from "./violations.ts";

const folders: string[] = [];

/** A folder of one preview. */
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "gpu-observability-policy-"));
  folders.push(made);
  return made;
}

afterAll(() => folders.forEach((made) => rmSync(made, { recursive: true, force: true })));

/** Downgrades that hide those of other rules, or that the pack mends by itself. */
const ALONE = ["one gateway", "an object without labels"];

/** One downgrade of each rule, all of which can be seen at once. */
const ALL_AT_ONCE = RULES.map(({ name }) => DOWNGRADES.find((one) => one.rule === name && !ALONE.includes(one.name)));

describe("the real engine with the real pack", { timeout: 300_000 }, () => {
  it.each(["staging", "production"] as const)("lets %s pass as written", async (stack) => {
    const { code, output } = await previewResources(folder(), stack, kubernetesResources(stack));
    expect([code, output]).toEqual([0, expect.stringContaining("✅ gpu-observability@v")]);
    expect(output).not.toContain("[mandatory]");
  });

  it("rejects a production that is downgraded in one way, with the rule's name, the object and the fix", async () => {
    const queue = DOWNGRADES.find(({ name }) => name === "a queue in memory");
    const { code, output } = await previewResources(
      folder(),
      "production",
      queue?.apply(kubernetesResources("production")) ?? [],
    );
    expect(code).not.toBe(0);
    expect(output).toContain("collector-persistent-queue");
    expect(output).toContain("exporter otlp_http/loki: its queue is in memory");
    expect(output).toContain("Fix: ");
    expect(output.match(/\[mandatory\]/g)).toHaveLength(1);
  });

  it("rejects a production that is downgraded in every way, naming every rule", async () => {
    const resources = ALL_AT_ONCE.reduce(
      (all, downgrade) => downgrade?.apply(all) ?? all,
      kubernetesResources("production"),
    );
    const { code, output } = await previewResources(folder(), "production", resources);
    expect(code).not.toBe(0);
    expect(ALL_AT_ONCE.length).toBeGreaterThanOrEqual(15);
    expect(RULES.map(({ name }) => name).filter((name) => !output.includes(` ${name} `))).toEqual([]);
  });

  it("rejects what is wrong in the bundle of an ssh host, which is one file to the engine", async () => {
    const made = folder();
    const source = join(made, "bundle.tar");
    const wrong = archiveOf("gpu-1").toString("latin1").replaceAll("storage: file_storage", "storage: file_st0rage");
    writeFileSync(source, wrong, "latin1");
    const type = "command:remote:CopyToRemote";
    const props = { connection: { host: "gpu-1.internal" }, remotePath: "bundle.tar", source };
    const copy = { type, urn: urnOf("production", type, "gpu-1-bundle"), props, protect: false };
    const { code, output } = await previewResources(made, "production", [...kubernetesResources("production"), copy]);
    expect(code).not.toBe(0);
    expect(output).toContain("service gpu-1-agent on gpu-1: exporter otlp_grpc/gateway");
    expect(output).toContain("file_st0rage is not started");
  });

  it("adds the labels that have one right value, and takes away a token that nobody asked for", async () => {
    const unlabelled = edit("StatefulSet tempo", (props) => {
      delete props.metadata.labels["app.kubernetes.io/part-of"];
      delete props.spec.template.spec.automountServiceAccountToken;
      delete props.spec.template.spec.serviceAccountName;
    });
    const resources = unlabelled(kubernetesResources("production"));
    expect(violations(resources)).toHaveLength(2);
    const { code, output } = await previewResources(folder(), "production", resources);
    expect(code).toBe(0);
    expect(output).toContain("complete-labels");
    expect(output).toContain("drop-api-token");
  });

  it("only advises in dev, even on what it could mend", async () => {
    const unlabelled = DOWNGRADES.find(({ name }) => name === "an object without labels");
    const resources = unlabelled?.apply(kubernetesResources("production")) ?? [];
    const { code, output } = await previewResources(folder(), "dev", resources);
    expect(code).toBe(0);
    expect(output).toContain("[advisory]");
    expect(output).toContain("labels-standard");
  });
});
