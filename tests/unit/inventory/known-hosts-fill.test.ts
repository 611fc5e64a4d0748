import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import { messageOf } from "../../support/problems.ts";
import { hashed, hostKey } from "./known-hosts-lines.ts";

const root = mkdtempSync(join(tmpdir(), "gpu-observability-host-keys-"));
mkdirSync(join(root, "stacks/keys"), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

const BASE = { runtime: "docker", gateways: { addresses: ["otlp.example.org:4317"] } };
const STACK = "stacks/Pulumi.dev.yaml: ";
const [ED, OTHER_ED, RSA] = [hostKey("ssh-ed25519", "a"), hostKey("ssh-ed25519", "b"), hostKey("ssh-rsa", "a")];
const [P256, P521] = [hostKey("ecdsa-sha2-nistp256", "a"), hostKey("ecdsa-sha2-nistp521", "a")];

type Host = Readonly<Record<string, unknown>>;
const host = (name: string, more: Host = {}): Host => ({ name, runtime: "ssh", address: name, ...more });

/** Writes the file beside the stack and loads hosts that have their keys there. */
function load(lines: readonly string[], hosts: readonly Host[], ssh: object = {}, inventory: object = {}) {
  writeFileSync(join(root, "stacks/keys/known_hosts"), lines.map((line) => `${line}\n`).join(""));
  return loadEnvironment("dev", { ...BASE, hosts, inventory, ssh: { knownHosts: "keys/known_hosts", ...ssh } }, root);
}

const keyOf = (lines: readonly string[], more: Host = {}, ssh: object = {}) =>
  load(lines, [host("gpu-1", more)], ssh).hosts[0]?.hostKey;
const refusalOf = (lines: readonly string[], more: Host = {}, ssh: object = {}) =>
  messageOf(() => keyOf(lines, more, ssh));

describe("hosts with their keys in a known_hosts file", () => {
  it("have them, those of an inventory and the bastion too, whatever their state; others have none", () => {
    writeFileSync(
      join(root, "stacks/hosts.csv"),
      "name,address,port,state\ngpu-2,10.0.0.2,,drained\ngpu-3,10.0.0.3,2222,quarantined\n",
    );
    const lines = [
      `gpu-1 ${ED} a comment`,
      `10.0.0.* ${P521}`,
      `[10.0.0.3]:2222 ${P256}`,
      `${hashed("[jump]:443")} ${OTHER_ED}`,
    ];
    const inline = [host("gpu-1"), { name: "sim", runtime: "docker", simulated: true }];
    const { hosts, ssh } = load(lines, inline, { bastion: { host: "jump", port: 443 } }, { file: "hosts.csv" });
    expect(hosts.map(({ name, hostKey: key }) => [name, key])).toEqual([
      ["gpu-1", ED],
      ["sim", undefined],
      ["gpu-2", P521],
      ["gpu-3", P256],
    ]);
    expect(ssh.bastion?.hostKey).toBe(OTHER_ED);
  });

  it("are the same when the environment is loaded again from what it became, without the file", () => {
    const { name, ...once } = load([`gpu-1,jump ${ED}`], [host("gpu-1")], { bastion: { host: "jump" } });
    expect(once.ssh).not.toHaveProperty("knownHosts");
    expect(loadEnvironment(name, once, "/nowhere")).toEqual({ name, ...once });
  });

  it("take ed25519 before ecdsa, in whatever order they stand, and never rsa", () => {
    expect(keyOf([`gpu-1 ${RSA}`, `gpu-1 ${P521}`, `gpu-1 ${P256}`, `gpu-1 ${ED}`])).toBe(ED);
    expect(keyOf([`gpu-1 ${RSA}`, `gpu-1 ${P521}`, `gpu-1 ${P256}`])).toBe(P256);
    expect(keyOf([`gpu-1 ${RSA}`, `gpu-1 ${P521}`])).toBe(P521);
  });

  it("are looked up with their port first, and without it where that finds no key", () => {
    const lines = [`gpu-1 ${ED}`, `[gpu-1]:2222 ${OTHER_ED}`, `@cert-authority [gpu-1]:2223 ${RSA}`];
    expect(keyOf(lines)).toBe(ED);
    expect(keyOf(lines, { port: 2222 })).toBe(OTHER_ED);
    expect(keyOf(lines, {}, { port: 2222 })).toBe(OTHER_ED);
    expect(keyOf(lines, { port: 2223 })).toBe(ED);
  });

  it("keep a key of their own that the file holds too, or knows nothing of", () => {
    const own = `${OTHER_ED} root@gpu-1`;
    expect(keyOf([`gpu-1 ${ED}`, `gpu-1 ${OTHER_ED}`], { hostKey: own })).toBe(own);
    expect(keyOf([`gpu-2 ${ED}`, `@cert-authority * ${ED}`], { hostKey: own })).toBe(own);
  });

  it("pass over a key that is revoked, and take the next", () => {
    expect(keyOf([`gpu-1 ${ED}`, `gpu-1 ${P256}`, `@revoked * ${ED}`])).toBe(P256);
  });

  it("rejects a key of the host's own that the file contradicts", () => {
    expect(refusalOf([`gpu-1 ${ED}`, `gpu-1 ${RSA}`], { hostKey: OTHER_ED })).toBe(
      `1 problem:\n  ${STACK}hosts[0].hostKey\n    expected  a key of gpu-1 in stacks/keys/known_hosts, lines 1, 2\n    got       another: ${OTHER_ED}\n    fix       ssh-keyscan -t ed25519 gpu-1, compared with the host's own /etc/ssh/ssh_host_ed25519_key.pub: it probably has a new key; correct the one that is old`,
    );
  });

  it("rejects hosts that are not in it, each with the command that asks for its key, and the bastion", () => {
    const ssh = { bastion: { host: "jump", port: 443 } };
    const hosts = [host("gpu-1", { port: 2222 }), host("gpu-2", { state: "quarantined" }), host("gpu-3")];
    const text = messageOf(() => load([`gpu-3 ${ED}`], hosts, ssh));
    expect(text).toContain("3 problems:");
    expect(text).toContain(
      `${STACK}hosts[0].hostKey\n    expected  the key of [gpu-1]:2222 or gpu-1 in stacks/keys/known_hosts\n    got       nothing\n    fix       ssh-keyscan -t ed25519 -p 2222 gpu-1 on jump, compared with the host's own /etc/ssh/ssh_host_ed25519_key.pub, into stacks/keys/known_hosts`,
    );
    expect(text).toContain(`${STACK}hosts[1].hostKey`);
    expect(text).toContain("ssh-keyscan -t ed25519 -p 443 jump, compared");
    expect(text).toContain(`${STACK}ssh.bastion.hostKey`);
  });

  it.each([
    [
      "a certificate authority",
      [`@cert-authority * ${ED}`],
      "only a certificate authority, while the plugin compares plain keys (line 1)",
    ],
    ["a key that is only revoked", [`@revoked gpu-1 ${ED}`], "only a revoked key (line 1)"],
    ["an rsa key", [`gpu-1 ${RSA}`], "only keys of types the plugin cannot compare (line 1)"],
    [
      "keys of other types",
      [`gpu-1 ${hostKey("ssh-dss", "a")}`],
      "only keys of types the plugin cannot compare (line 1)",
    ],
  ])("rejects a host with nothing but %s, and says so", (_, lines, got) => {
    expect(refusalOf(lines)).toContain(`got       ${got}\n`);
  });

  it("rejects a revoked key, the host's own and the file's, even one revoked for every port", () => {
    const revokes =
      "expected  a key that is not revoked\n    got       one that stacks/keys/known_hosts revokes in line 2\n";
    expect(refusalOf([`gpu-1 ${ED}`, `@revoked gpu-* ${ED}`])).toContain(revokes);
    expect(refusalOf([`gpu-2 ${RSA}`, `@revoked gpu-1 ${ED}`], { hostKey: ED })).toContain(revokes);
    expect(refusalOf([`[gpu-1]:2222 ${ED}`, `@revoked gpu-1 ${ED}`], { port: 2222 })).toContain(revokes);
  });

  it("rejects two keys of one type, of which one must be old", () => {
    const lines = [`gpu-1 ${ED}`, `gpu-1,gpu-2 ${ED}`];
    expect(keyOf(lines)).toBe(ED);
    expect(refusalOf([...lines, `gpu-* ${OTHER_ED}`])).toContain(
      "expected  one ssh-ed25519 key of gpu-1 in stacks/keys/known_hosts\n    got       different ones in lines 1, 2, 3\n    fix       remove the old one, or name the right one in hostKey",
    );
  });

  it("rejects lines that cannot be read, beside everything else that is wrong", () => {
    const text = messageOf(() => load(["gpu-2", `@what gpu-3 ${ED}`], [host("gpu-1"), host("gpu-1", { hostKey: ED })]));
    expect(text).toContain("4 problems:");
    expect(text).toContain("stacks/keys/known_hosts: line 1\n");
    expect(text).toContain("stacks/keys/known_hosts: line 2\n");
    expect(text).toContain(`${STACK}hosts[0].hostKey`);
    expect(text).toContain(`${STACK}hosts[1].name`);
  });

  it("rejects a file that is not there once, however many hosts need it, and a host without an address once", () => {
    const hosts = [host("gpu-1"), host("gpu-2"), { name: "gpu-3", runtime: "ssh" }];
    const text = messageOf(() => load([], hosts, { knownHosts: "no/file" }));
    expect(text).toContain("2 problems:");
    expect(text).toContain(
      `${STACK}ssh.knownHosts\n    expected  the file stacks/no/file\n    got       ENOENT\n    fix       write stacks/no/file, or correct ssh.knownHosts`,
    );
    expect(text).toContain(`${STACK}hosts[2].address`);
  });
});

describe("hosts without keys, and without such a file", () => {
  it("rejects them and the bastion: it says how to ask one for its key, and what serves a fleet", () => {
    const ssh = { port: 2222, bastion: { host: "jump" } };
    const text = messageOf(() => loadEnvironment("dev", { ...BASE, hosts: [host("gpu-1")], ssh }));
    expect(text).toContain("2 problems:");
    expect(text).toContain(
      "ssh-keyscan -t ed25519 -p 2222 gpu-1 on jump, compared with the host's own /etc/ssh/ssh_host_ed25519_key.pub; for many hosts, such lines in a file that ssh.knownHosts names",
    );
    expect(text).toContain(`${STACK}ssh.bastion.hostKey`);
  });
});
