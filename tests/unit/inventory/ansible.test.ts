import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandRanges } from "../../../infra/inventory/ansible/ranges.ts";
import { readAnsibleYaml } from "../../../infra/inventory/ansible/read-ansible-yaml.ts";
import { readAnsibleIni } from "../../../infra/inventory/ansible/read-ini.ts";
import { layerOf, mergeFields } from "../../../infra/inventory/merge.ts";
import type { Fields, ReadInventory } from "../../../infra/inventory/model.ts";

const at = (line: number) => `line ${line}`;

const INI = `
; machines of the east hall
bastion.example.org

[web]
www[1:2].example.org http_port=80

[gpu:children]
hopper
ampere

[hopper]
gpu[01:03].example.org gpuobs_gpus=8   # eight each
gpu04:2222 ansible_host=10.0.0.4 gpuobs_host_key="ssh-ed25519 AAAA" gpuobs_label_rack='b 2'

[ampere]
gpu-[a:b] gpuobs_state=drained

[all:vars]
ansible_user=deployer
gpuobs_gpus=2

[gpu:vars]
gpuobs_gpus=4
gpuobs_label_hall=east
some_other_variable={{ of_others }}

[ampere:vars]
gpuobs_gpu_model=A100 80GB
`;

const YAML = `
all:
  vars: { ansible_user: deployer, gpuobs_gpus: 2 }
  hosts:
    bastion.example.org:
  children:
    web:
      hosts:
        www[1:2].example.org: { http_port: 80 }
    gpu:
      vars: { gpuobs_gpus: 4, gpuobs_labels: { hall: east }, some_other_variable: "{{ of_others }}" }
      children:
        hopper:
          hosts:
            gpu[01:03].example.org: { gpuobs_gpus: 8 }
            gpu04:
              ansible_port: 2222
              ansible_host: 10.0.0.4
              gpuobs_host_key: ssh-ed25519 AAAA
              gpuobs_labels: { rack: "b 2" }
        ampere:
          vars: { gpuobs_gpu_model: A100 80GB }
          hosts:
            gpu-[a:b]: { gpuobs_state: drained }
`;

/** Each host with everything that is true of it. */
function resolve({ hosts, groups }: ReadInventory): Record<string, Fields> {
  const layers = [layerOf(groups)];
  return Object.fromEntries(hosts.map(({ name, groups: own, fields }) => [name, mergeFields(fields, own, layers)]));
}

describe.each([
  ["INI", INI, readAnsibleIni],
  ["YAML", YAML, readAnsibleYaml],
] as const)("an inventory of Ansible in %s", (_form, text, read) => {
  const inventory = read(text, at);
  const resolved = resolve(inventory);

  it("is read without a problem, other people's variables passed over", () => {
    expect(inventory.problems).toEqual([]);
    expect([...inventory.hosts, ...Object.values(inventory.groups)].flatMap(({ problems = [] }) => problems)).toEqual(
      [],
    );
    expect(Object.keys(resolved).sort()).toEqual(
      ["bastion", "gpu-a", "gpu-b", "gpu01", "gpu02", "gpu03", "gpu04", "www1", "www2"].sort(),
    );
  });

  it("lets a host win over its group, a child over its parent, and any group over all", () => {
    expect(resolved["gpu01"]).toEqual({
      address: "gpu01.example.org",
      user: "deployer",
      gpus: 8,
      labels: { hall: "east" },
    });
    expect(resolved["gpu-a"]).toMatchObject({ gpus: 4, gpuModel: "A100 80GB", state: "drained" });
    expect(resolved["bastion"]).toMatchObject({ gpus: 2 });
  });

  it("knows Ansible's own words for address and port, quoted values, and labels", () => {
    expect(resolved["gpu04"]).toEqual({
      address: "10.0.0.4",
      user: "deployer",
      port: 2222,
      gpus: 4,
      hostKey: "ssh-ed25519 AAAA",
      labels: { hall: "east", rack: "b 2" },
    });
  });

  it("gives a host every group above it, parents first", () => {
    expect(inventory.hosts.find(({ name }) => name === "gpu-b")?.groups).toEqual(["gpu", "ampere"]);
  });
});

describe("an inventory of Ansible", () => {
  const problemsOf = ({ problems, hosts, groups }: ReadInventory) => [
    ...problems,
    ...[...hosts, ...Object.values(groups)].flatMap((one) => one.problems ?? []),
  ];
  const told = (read: ReadInventory) => problemsOf(read).map(({ path, got }) => `${path}: ${got}`);

  it("weighs groups that are equally deep by their names, as Ansible does", () => {
    const { hosts } = readAnsibleIni("[b]\ng1\n[a]\ng1\n[top:children]\nc\n[c]\ng1", at);
    expect(hosts[0]?.groups).toEqual(["a", "b", "top", "c"]);
  });

  it("takes a literal behind :vars without its comment, and any other text as it stands", () => {
    const text = `[a]\nx1\n[a:vars]\ngpuobs_gpus=8  # eight\ngpuobs_gpu_model="H100 #2" # model\ngpuobs_user=a "b" c\n`;
    expect(readAnsibleIni(text, at).groups["a"]?.fields).toEqual({ gpus: 8, gpuModel: "H100 #2", user: 'a "b" c' });
  });

  it.each([
    ["INI", readAnsibleIni("[a]\nx[1:2]:2222\n[2001:db8::1]:22\n2001:db8:0:0:0:0:0:2\n", at)],
    [
      "YAML",
      readAnsibleYaml('a:\n  hosts:\n    x[1:2]:2222:\n    "[2001:db8::1]:22":\n    2001:db8:0:0:0:0:0:2:\n', at),
    ],
  ])("takes a port behind a host's name, and none off an address of IPv6, in %s", (_form, { hosts, problems }) => {
    expect(problems).toEqual([]);
    expect(hosts.map(({ name, fields: { port, address } }) => [name, address, port])).toEqual([
      ["x1", "x1", 2222],
      ["x2", "x2", 2222],
      ["2001:db8::1", "2001:db8::1", 22],
      ["2001:db8:0:0:0:0:0:2", "2001:db8:0:0:0:0:0:2", undefined],
    ]);
  });

  it("puts hosts of no group into ungrouped, and only those", () => {
    const resolved = resolve(readAnsibleIni("x1\nx2\n[a]\nx2\n[ungrouped:vars]\ngpuobs_gpus=2", at));
    expect([resolved["x1"]?.["gpus"], resolved["x2"]?.["gpus"]]).toEqual([2, undefined]);
  });

  it("keeps the address that a group gives its host, and weighs our words over Ansible's", () => {
    const resolved = resolve(
      readAnsibleIni(
        "[a]\nx1\nx2 ansible_host=x2.lan\n[a:vars]\nansible_host=x.lan\ngpuobs_user=o\nansible_user=t",
        at,
      ),
    );
    expect(resolved).toEqual({ x1: { address: "x.lan", user: "o" }, x2: { address: "x2.lan", user: "o" } });
  });

  it("merges what YAML merges with <<, its own keys first", () => {
    const text = `a:
  vars: &base { ansible_user: t, gpuobs_state: drained, gpuobs_labels: &labels { hall: east, rack: none } }
  hosts:
    x1: { <<: *base, ansible_user: o, gpuobs_labels: { <<: *labels, rack: r1 } }
    x2: { <<: [{ gpuobs_gpus: 4 }, *base] }
`;
    const { hosts, problems } = readAnsibleYaml(text, at);
    expect(problems).toEqual([]);
    expect(hosts.map(({ fields }) => fields)).toEqual([
      { address: "x1", user: "o", state: "drained", labels: { hall: "east", rack: "r1" } },
      { address: "x2", gpus: 4, user: "t", state: "drained", labels: { hall: "east", rack: "none" } },
    ]);
  });

  it("is over ssh by the full name of that plugin too", () => {
    expect(told(readAnsibleIni("x1 ansible_connection=ansible.builtin.ssh", at))).toEqual([]);
  });

  it.each([
    ["a heading nobody knows", "[a:hosts]\n", "line 1: [a:hosts]"],
    ["variables of a group that is not there", "[a]\nx1\n[b:vars]\nk=v", "line 3: [b:vars]"],
    ["a child that is not there", "[a:children]\nb", 'line 2: "b"'],
    ["a group within itself", "[a:children]\nb\n[b:children]\na", 'line 1: "a" within itself'],
    ["a word without a value", "x1 ansible_user", "line 1: ansible_user"],
    ["a variable without a value", "[all:vars]\nansible_user", "line 2: ansible_user"],
    ["a quote that is never closed", 'x1 gpuobs_host_key="ssh', "line 1: a quote that is never closed"],
    ["a range of nothing", "x[9:1]", "line 1: the range [9:1], which holds nothing"],
    ["a variable of ours that is misspelt", "\nx1 gpuobs_gpu=8", "line 2: unknown variable gpuobs_gpu"],
    [
      "a template where a value is needed",
      "x1 ansible_host={{address}}",
      "line 1: a template, which only Ansible can fill",
    ],
    ["a host that is not over ssh", "x1 ansible_connection=local", "line 1: ansible_connection local"],
  ])("rejects %s, and names its line", (_what, text, expected) => {
    expect(told(readAnsibleIni(text, at))).toContain(expected);
  });

  it.each([
    ["a key that is none of a group's", "all:\n  host:\n    x1:", 'line 2: "host"'],
    ["a list where names are expected", "all:\n  hosts:\n    - x1", "line 2: something else"],
    [
      "an encrypted address",
      "all:\n  hosts:\n    x1:\n      ansible_host: !vault |\n        $ANSIBLE",
      "line 4: one that a vault encrypts",
    ],
    [
      "what is no YAML",
      "all: [",
      "line 1: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 7:",
    ],
  ])("rejects %s in YAML, and names its line", (_what, text, expected) => {
    expect(told(readAnsibleYaml(text, at))).toContain(expected);
  });

  it("never hangs and never throws, whatever the text", () => {
    const line = fc.constantFrom(
      "[a]",
      "[a:children]",
      "[b:vars]",
      "b",
      "a",
      'x"',
      "x[1:3]",
      "x[",
      "k=v",
      "# c",
      "",
      "x1 k='v'",
    );
    fc.assert(fc.property(fc.array(line), (lines) => void readAnsibleIni(lines.join("\n"), at)));
    fc.assert(fc.property(fc.string(), (text) => void readAnsibleYaml(text, at)));
  });
});

describe("ranges", () => {
  const names = (pattern: string) => {
    const expanded = expandRanges(pattern);
    return "names" in expanded ? expanded.names : expanded.flaw;
  };

  it("keep leading zeros, take steps and letters, and multiply", () => {
    expect(names("gpu[08:11]")).toEqual(["gpu08", "gpu09", "gpu10", "gpu11"]);
    expect(names("gpu[8:10]")).toEqual(["gpu8", "gpu9", "gpu10"]);
    expect(names("r[a:b]-[0:10:5]")).toEqual(["ra-0", "ra-5", "ra-10", "rb-0", "rb-5", "rb-10"]);
  });

  it("hold as many names as they have steps, all different", () => {
    const number = fc.nat({ max: 300 });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 9 }), (from, more, step) => {
        const all = names(`gpu[${from}:${from + more}:${step}]x`);
        expect(new Set(all).size).toBe(Math.floor(more / step) + 1);
      }),
    );
  });

  it.each(["[1:2", "1]", "[[1:2]]", "[1:b]", "[A:c]", "[01:100]", "[1:2:0]", "[:]", "[1:9999999]", "[1:999][1:999]"])(
    "reject %s",
    (pattern) => expect(names(pattern)).toBeTypeOf("string"),
  );
});
