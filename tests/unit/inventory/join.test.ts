import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import { HOST_KEY } from "../../support/host-key.ts";
import { messageOf } from "../../support/problems.ts";

const root = mkdtempSync(join(tmpdir(), "gpu-observability-inventory-"));
mkdirSync(join(root, "stacks"));
afterAll(() => rmSync(root, { recursive: true }));

const BASE = { runtime: "docker", gateways: { addresses: ["otlp.example.org:4317"] } };

/** Writes a file beside the stack and loads an environment that names it. */
function load(
  file: string,
  text: string,
  more: { inventory?: object; hosts?: readonly object[]; rollout?: object; gateways?: object } = {},
) {
  writeFileSync(join(root, "stacks", file), text);
  return loadEnvironment("dev", { ...BASE, ...more, inventory: { file, ...more.inventory } }, root);
}

const ANSIBLE = `
[gpu]
gpu[1:3].example.org gpuobs_host_key="${HOST_KEY}"
[web]
localhost ansible_connection=local
`;

describe("an environment with an inventory", () => {
  it("has the hosts of its file behind its own, over ssh where nothing else is said", () => {
    const own = [{ name: "sim", runtime: "docker", simulated: true }];
    const { hosts } = load("hosts.csv", `name,address,hostKey\ngpu-1,10.0.0.1,${HOST_KEY}\n`, { hosts: own });
    expect(hosts.map(({ name, runtime, gpus }) => [name, runtime, gpus])).toEqual([
      ["sim", "docker", 8],
      ["gpu-1", "ssh", 8],
    ]);
  });

  it("fills in what groups say, of its own hosts too: all, then groups in the host's order, then the host", () => {
    const text = `
groups:
  a100: { gpuModel: A100, gpus: 4, labels: { hall: east, rack: none } }
hosts:
  - { name: gpu-1, groups: [a100, new], address: 10.0.0.1, labels: { rack: r1 } }
  - { name: gpu-2, groups: [a100], address: 10.0.0.2, gpus: 2 }
`;
    const groups = { all: { hostKey: HOST_KEY, user: "deployer" }, new: { gpus: 16 }, a100: { gpuModel: "A100 80GB" } };
    const inline = [{ name: "gpu-3", runtime: "ssh", address: "10.0.0.3", groups: ["a100"] }];
    const { hosts } = load("hosts.yaml", text, { inventory: { groups }, hosts: inline });
    const of = (name: string) => hosts.find((host) => host.name === name);
    expect(of("gpu-1")).toMatchObject({ gpus: 16, user: "deployer", labels: { hall: "east", rack: "r1" } });
    expect(of("gpu-2")).toMatchObject({ gpus: 2, gpuModel: "A100 80GB", labels: { hall: "east", rack: "none" } });
    expect(of("gpu-3")).toMatchObject({ gpus: 4, gpuModel: "A100 80GB", hostKey: HOST_KEY });
  });

  it("takes what hosts of a YAML file merge from another with <<, however many do", () => {
    const all = Array.from(
      { length: 150 },
      (_, index) => `  - { <<: *common, name: gpu-${index}, address: a${index} }`,
    );
    const text = `groups:\n  base: &common { hostKey: "${HOST_KEY}", state: drained }\nhosts:\n${all.join("\n")}\n`;
    const { hosts } = load("hosts.yaml", text);
    expect(hosts).toHaveLength(150);
    expect(hosts.every(({ state, hostKey }) => state === "drained" && hostKey === HOST_KEY)).toBe(true);
  });

  it("takes the hosts of some groups alone out of an inventory of everything", () => {
    const { hosts } = load("everything", ANSIBLE, { inventory: { only: ["gpu"] } });
    expect(hosts.map(({ name, address }) => [name, address])).toEqual([
      ["gpu1", "gpu1.example.org"],
      ["gpu2", "gpu2.example.org"],
      ["gpu3", "gpu3.example.org"],
    ]);
    expect(messageOf(() => load("everything", ANSIBLE))).toContain("stacks/everything: line 5");
  });

  it("is the same when it is loaded again from what it became, without the file", () => {
    const { name, ...once } = load("everything", ANSIBLE, {
      inventory: { only: ["gpu"], groups: { gpu: { gpus: 4 } } },
    });
    expect(loadEnvironment(name, once, "/nowhere")).toEqual({ name, ...once });
  });

  it("rejects a host's wrong value by file, line and name", () => {
    const text = messageOf(() => load("hosts.csv", `name,address,gpus,hostKey\ngpu-1,10.0.0.1,many,${HOST_KEY}\n`));
    expect(text).toContain(
      '  stacks/hosts.csv: line 2, host gpu-1: gpus\n    expected  a value of type number\n    got       "many"',
    );
  });

  it("rejects what only rules between fields see, in the same way", () => {
    const text = messageOf(() => load("hosts.csv", "name,address\ngpu-1,10.0.0.1\n"));
    expect(text).toContain("stacks/hosts.csv: line 2, host gpu-1: hostKey\n    expected  the host's public key");
  });

  it("rejects what is wrong in the file and in the stack file at once", () => {
    const broken = { gateways: { count: 99 }, hosts: [{ name: "sim", runtime: "docker", simulated: "maybe" }] };
    const ofGroups = messageOf(() =>
      load("hosts.yaml", "groups:\n  a100: { gpus: 0 }\nhosts:\n  - { name: gpu-1, groups: [a100] }", broken),
    );
    expect(ofGroups).toMatch(
      /^2 problems:[^]*line 2, group a100: gpus\n[^]*gateways\.count\n {4}expected {2}at most 26/,
    );
    const ofStrangers = messageOf(() =>
      load("hosts.csv", `name,address,hostKey\ngpu-1,10.0.0.1,${HOST_KEY}\n`, {
        ...broken,
        inventory: { groups: { h100: { gpus: 8 } } },
      }),
    );
    expect(ofStrangers).toMatch(
      /^3 problems:[^]*inventory\.groups\.h100\n[^]*hosts\[0\]\.simulated\n[^]*gateways\.count\n/,
    );
  });

  it("rejects a file it cannot read alone: hosts that need what its groups say are not taken for wrong", () => {
    const inline = [{ name: "gpu-9", groups: ["a100"], address: "10.0.0.9" }];
    const text = messageOf(() =>
      load("hosts.yaml", "groups:\n  a100: { runtime: ssh, gpus: 0 }\nhosts:\n  - { name: gpu-1, groups: [a100] }", {
        hosts: inline,
      }),
    );
    expect(text).toMatch(/^1 problem:\n {2}stacks\/hosts\.yaml: line 2, group a100: gpus/);
  });

  it("rejects a wrong value of a group once, however many hosts it has", () => {
    const hosts = Array.from({ length: 9 }, (_, index) => `  - { name: gpu-${index}, groups: [a100] }`).join("\n");
    const text = messageOf(() => load("hosts.yaml", `groups:\n  a100: { gpus: 0 }\nhosts:\n${hosts}\n`));
    expect(text).toMatch(/^1 problem:\n {2}stacks\/hosts.yaml: line 2, group a100: gpus\n {4}expected {2}at least 1/);
  });

  it("rejects a name that stands in two places, and names both", () => {
    const inline = [{ name: "gpu-1", runtime: "ssh", address: "10.0.0.9", hostKey: HOST_KEY }];
    const row = `gpu-1,10.0.0.1,${HOST_KEY}\n`;
    const text = messageOf(() => load("hosts.csv", `name,address,hostKey\n${row}${row}`, { hosts: inline }));
    expect(text).toContain("stacks/hosts.csv: line 2, host gpu-1: name");
    expect(text).toContain('got       "gpu-1", already the name of hosts[0]');
    const twice = messageOf(() => load("hosts.csv", `name,address,hostKey\n${row}${row}`));
    expect(twice).toContain(
      'line 3, host gpu-1: name\n    expected  a name no other host has\n    got       "gpu-1", already the name of stacks/hosts.csv: line 2, host gpu-1',
    );
  });

  it("rejects two hosts on one machine, where each would install over the other", () => {
    const row = (name: string, port: string) => `${name},10.0.0.1,${port},${HOST_KEY}\n`;
    const text = (port: string) => `name,address,port,hostKey\n${row("gpu-1", "")}${row("gpu-2", port)}`;
    expect(messageOf(() => load("hosts.csv", text("22")))).toContain(
      "stacks/hosts.csv: line 3, host gpu-2: address\n    expected  a machine no other host has\n    got       10.0.0.1 port 22, already that of gpu-1",
    );
    expect(load("hosts.csv", text("2222")).hosts).toHaveLength(2);
  });

  it("rejects a file that is not there, one of an unknown kind, and one without hosts", () => {
    const missing = () => loadEnvironment("dev", { ...BASE, inventory: { file: "no.csv" } }, root);
    expect(messageOf(missing)).toContain("expected  the file stacks/no.csv\n    got       ENOENT");
    expect(messageOf(() => load("hosts.txt", ""))).toContain("set inventory.format: yaml, csv or ansible");
    expect(messageOf(() => load("hosts.csv", "name\n"))).toContain("expected  at least one host");
    expect(messageOf(() => load("everything", ANSIBLE, { inventory: { only: ["gpus"] } }))).toContain(
      "correct inventory.only",
    );
    expect(messageOf(() => loadEnvironment("dev", BASE, root))).toContain("expected  at least one host");
  });

  it("rejects an inventory of Ansible that is taken for plain hosts, and says what to set", () => {
    expect(messageOf(() => load("hosts.yaml", "all:\n  hosts: {}\n"))).toContain("set inventory.format: ansible");
    const text = `all:\n  hosts:\n    gpu-1: { gpuobs_host_key: "${HOST_KEY}" }\n`;
    expect(load("hosts.yaml", text, { inventory: { format: "ansible" } }).hosts).toHaveLength(1);
  });

  it("tells once what an inventory of Ansible says that is not read, and what says it here", () => {
    const key = "ansible_ssh_private_key_file=~/.ssh/id";
    const host = (name: string) => `${name} ansible_host=${name}.example.org gpuobs_host_key="${HOST_KEY}" ${key}\n`;
    const text = `[gpus]\n${host("gpu-1")}${host("gpu-2")}[web]\nwww ${key}\n[gpus:vars]\nansible_become_password=x\n`;
    writeFileSync(join(root, "stacks", "hosts.ini"), text);
    const notes: string[] = [];
    const at = (path: string) => path;
    const inventory = { file: "hosts.ini", only: ["gpus"] };
    loadEnvironment("dev", { ...BASE, inventory }, root, at, (note) => notes.push(note));
    expect(notes).toEqual([
      "stacks/hosts.ini: line 2 and 1 more: ansible_ssh_private_key_file is not read here; instead: npm run secret -- <stack> sshPrivateKey < <file of the key>",
      "stacks/hosts.ini: line 7: ansible_become_password is not read here; instead: ssh: { sudo: { password: <name of a secret> } } in the stack file",
    ]);
  });

  it("rejects groups and canaries that nobody is in", () => {
    const row = `name,address,hostKey\ngpu-1,10.0.0.1,${HOST_KEY}\n`;
    const groups = { h100: { gpus: 8 } };
    expect(messageOf(() => load("hosts.csv", row, { inventory: { groups } }))).toContain("inventory.groups.h100");
    expect(messageOf(() => load("hosts.csv", row, { rollout: { canaries: ["gpu-9"] } }))).toContain(
      "rollout.canaries[0]",
    );
    expect(messageOf(() => load("hosts.csv", row, { rollout: { waves: [25, 5, 100] } }))).toContain(
      "rising percentages",
    );
  });

  it("rejects canaries that all rest, since nobody would go first", () => {
    const row = (name: string, state: string) => `${name},${name}.lan,${HOST_KEY},canary,${state}\n`;
    const rollout = { canaries: ["canary"] };
    const of = (state: string) => () =>
      load("hosts.csv", `name,address,hostKey,groups,state\n${row("gpu-1", "quarantined")}${row("gpu-2", state)}`, {
        rollout,
      });
    expect(messageOf(of("drained"))).toContain(
      "rollout.canaries\n    expected  at least one active host\n    got       gpu-1, which is quarantined, gpu-2, which is drained",
    );
    expect(of("active")().hosts).toHaveLength(2);
  });

  it("rejects labels that could not be told apart, or that a collector would read as a variable", () => {
    const of = (label: string) => () =>
      load("hosts.yaml", `- { name: gpu-1, address: a, hostKey: "${HOST_KEY}", labels: ${label} }`);
    expect(messageOf(of("{ Rack-1: a }"))).toContain("lower-case letters, digits and underscores");
    expect(messageOf(of('{ rack: "${env:HOME}" }'))).toContain("labels.rack");
    expect(of("{ rack: a/1 }")().hosts[0]?.labels).toEqual({ rack: "a/1" });
  });

  it("rejects a state that its runtime cannot keep", () => {
    const of = (runtime: string, state: string) => () =>
      loadEnvironment(
        "dev",
        { ...BASE, hosts: [{ name: "gpu-1", runtime, state, simulated: runtime === "docker" }] },
        root,
      );
    expect(messageOf(of("kubernetes", "drained"))).toContain("drain nodes with kubectl");
    expect(messageOf(of("docker", "quarantined"))).toContain("only an ssh host is left alone");
    expect(of("docker", "drained")().hosts[0]?.state).toBe("drained");
    expect(messageOf(of("docker", "drain"))).toContain("one of active, drained, quarantined");
  });
});
