import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SshConnection } from "../../../components/runtime/ssh/connection.ts";
import { uploadName } from "../../../components/runtime/ssh/names.ts";
import { planBundle } from "../../../components/runtime/ssh/plan-bundle.ts";
import { SshRuntime } from "../../../components/runtime/ssh/ssh-runtime.ts";
import { HOST, hostWorkloads } from "./host-fixture.ts";

interface Created {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const created: Created[] = [];
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH5kZXYga2V5IG9mIGEgdGVzdCBob3N0IG9ubHk=";
const CONNECTION: SshConnection = { host: "198.51.100.2", user: "deployer", hostKey: KEY, privateKey: "a private key" };
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** What the engine was given, secrets unwrapped. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || value instanceof pulumi.asset.Asset) return value;
  const object = value as Record<string, unknown>;
  if (object[SECRET_MARK] !== undefined) return plain(object["value"]);
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, plain(item)]));
}

describe("the ssh runtime", () => {
  let bundleFolder: string;

  beforeAll(async () => {
    bundleFolder = mkdtempSync(join(tmpdir(), "gpu-observability-bundles-"));
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        created.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: name, state: { ...(inputs as object), stdout: "version x is in force" } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    });
  });
  afterAll(() => rmSync(bundleFolder, { recursive: true }));

  const runtime = (connection: SshConnection = CONNECTION) =>
    new SshRuntime({ hosts: { "gpu-1": { ...HOST, connection } }, bundleFolder });
  const parts = (token: string | undefined = "a secret token") =>
    hostWorkloads().map((workload) => ({
      workload,
      delivery: {
        ...(workload.certificate === undefined
          ? {}
          : { certificate: { certPem: "certificate", keyPem: pulumi.secret("private"), caPem: "authority" } }),
        secrets: { ...(token === undefined ? {} : { "otlp-token": pulumi.secret(token) }), other: "not asked for" },
      },
    }));
  async function deploy(connection?: SshConnection) {
    created.length = 0;
    const { ready } = runtime(connection).deployHost("gpu-1", parts(), {});
    await new Promise<void>((resolve) => ready.apply(() => resolve()));
    return created.map(({ inputs, ...rest }) => ({
      ...rest,
      inputs: plain(inputs) as Record<string, unknown>,
      raw: inputs,
    }));
  }

  it("makes two resources for a host, however many workloads it has", async () => {
    const resources = await deploy();
    expect(resources.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "command:remote:CopyToRemote gpu-1-bundle",
      "command:remote:Command gpu-1-apply",
    ]);
  });

  it("copies the bundle from a file that is named by its digest, so the state holds no content", async () => {
    const [copy] = await deploy();
    const { version, archive } = planBundle(HOST, hostWorkloads());
    expect(copy?.inputs["remotePath"]).toBe(`gpu-observability-${version}.tar`);
    const kept = readFileSync(join(bundleFolder, `gpu-observability-${version}.tar`));
    expect(kept.equals(archive)).toBe(true);
  });

  it("takes away the bundles of earlier runs a day later, and nothing else", async () => {
    const files = [
      "gpu-observability-old.tar",
      "gpu-observability-killed.tar.123",
      "gpu-observability-new.tar",
      "notes",
    ];
    for (const file of files) writeFileSync(join(bundleFolder, file), "");
    for (const file of [0, 1, 3]) utimesSync(join(bundleFolder, files[file] ?? ""), 0, Date.now() / 1000 - 25 * 3600);
    await deploy();
    const { version } = planBundle(HOST, hostWorkloads());
    const kept = [...files.slice(2), uploadName(version)];
    expect(readdirSync(bundleFolder).sort()).toEqual(kept.sort());
  });

  it("keeps the bundle of this run, and writes one anew that is not whole", async () => {
    const { version, archive } = planBundle(HOST, hostWorkloads());
    const file = join(bundleFolder, uploadName(version));
    for (const found of [archive, archive.subarray(0, 100), Buffer.alloc(archive.length)]) {
      writeFileSync(file, found);
      utimesSync(file, 0, Date.now() / 1000 - 25 * 3600);
      await deploy();
      expect(readFileSync(file).equals(archive)).toBe(true);
      await deploy();
      expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(3_600_000);
    }
  });

  it("updates in place, and removes only with the host", async () => {
    const [, apply] = await deploy();
    const { create, update, triggers } = apply?.inputs ?? {};
    const { version, sha256 } = planBundle(HOST, hostWorkloads());
    expect(create).toMatch(new RegExp(` gpu-observability ${version} ${sha256}$`));
    // Its fallback is create; both triggers and a second text would do harm.
    expect({ update, triggers }).toEqual({ update: undefined, triggers: undefined });
    expect(apply?.inputs["delete"]).toMatch(/apply" remove[^]*' gpu-observability gpu-1$/);
  });

  it("gives secrets to standard input alone, and marks them for the engine", async () => {
    const [copy, apply] = await deploy();
    const { stdin, connection, ...rest } = apply?.inputs ?? {};
    const token = Buffer.from("a secret token").toString("base64");
    expect(stdin).toContain(`secret gpu-1-agent/secrets/otlp-token ${token}`);
    expect(stdin).toContain("secret gpu-1-agent/tls/key.pem ");
    expect(stdin).not.toContain(Buffer.from("not asked for").toString("base64"));
    expect(JSON.stringify([rest, copy?.inputs["remotePath"]])).not.toContain(token);
    expect((apply?.raw["stdin"] as Record<string, unknown>)[SECRET_MARK]).toBeDefined();
    expect((apply?.raw["connection"] as Record<string, unknown>)[SECRET_MARK]).toBeDefined();
    expect(connection).toMatchObject({ hostKey: KEY, user: "deployer", host: "198.51.100.2" });
  });

  it.each([
    ["root", undefined, /^sh -c '/],
    ["deployer", undefined, /^sh -c '[^']*exec sudo -n "\$@"\n' gpu-observability sh -c '/],
    ["deployer", { password: "p" }, /^sh -c '[^']*sudo -k -S -p "" "\$@"\n' gpu-observability sh -c '/],
  ] as const)("becomes root as %s with sudo %o", async (user, sudo, start) => {
    const [, apply] = await deploy({ ...CONNECTION, user, ...(sudo === undefined ? {} : { sudo }) });
    expect(apply?.inputs["create"]).toMatch(start);
    expect(apply?.inputs["stdin"]).toMatch(sudo === undefined ? /^gpu-observability-secrets\n/ : /^p\ngpu-/);
  });

  it("goes through a bastion whose key it verifies too", async () => {
    const bastion = { host: "bastion.example.org", user: "jump", hostKey: KEY, privateKey: "another key" };
    const [copy] = await deploy({ ...CONNECTION, bastion });
    expect(copy?.inputs["connection"]).toMatchObject({ proxy: { host: "bastion.example.org", hostKey: KEY } });
  });

  it("tries a host behind a bastion once: the plugin's next attempt would hide what was wrong", async () => {
    const bastion = { host: "bastion.example.org", user: "jump", hostKey: KEY, privateKey: "another key" };
    const [copy] = await deploy({ ...CONNECTION, bastion });
    expect(copy?.inputs["connection"]).toMatchObject({ dialErrorLimit: 0, proxy: { dialErrorLimit: 3 } });
    const [direct] = await deploy(CONNECTION);
    expect(direct?.inputs["connection"]).toMatchObject({ dialErrorLimit: 3 });
  });

  it("rejects a host and a bastion without a key, both at once", () => {
    const bastion = { host: "bastion.example.org", hostKey: "", privateKey: "key" };
    const make = () => runtime({ ...CONNECTION, hostKey: "SHA256:abc", bastion });
    expect(make).toThrow(/2 problems:[^]*host gpu-1: connection.hostKey[^]*host gpu-1: connection.bastion.hostKey/);
  });

  it("rejects a host it does not know, and a secret that is missing", () => {
    expect(() => runtime().deployHost("gpu-9", [], {})).toThrow(/host gpu-9\n {4}expected {2}a host with a connection/);
    const without = parts().map(({ workload, delivery }) => ({ workload, delivery: { ...delivery, secrets: {} } }));
    expect(() => runtime().deployHost("gpu-1", without, {})).toThrow(
      /workload gpu-1-agent\n {4}expected {2}secret otlp-token/,
    );
  });
});
