import { describe, expect, it } from "vitest";
import { readAnsibleYaml } from "../../../infra/inventory/ansible/read-ansible-yaml.ts";
import { readYaml } from "../../../infra/inventory/read-yaml.ts";

const at = (line: number) => `hosts.yaml: line ${line}`;

describe("hosts in YAML", () => {
  it("may say with an alias what was said before, also what stands around another anchor", () => {
    const text = `groups:
  a: &a { labels: &labels { hall: east } }
hosts:
  - { name: gpu-1, labels: *labels }
  - { name: gpu-2, <<: *a }
`;
    const { hosts, problems } = readYaml(text, at);
    expect(problems).toEqual([]);
    expect(hosts.map(({ fields }) => fields)).toEqual([{ labels: { hall: "east" } }, { labels: { hall: "east" } }]);
  });

  const inside = (anchor: string) => `*${anchor}, inside &${anchor} itself`;

  it.each([
    ["a value that holds itself", "- name: gpu-1\n  labels: &l\n    rack: *l", `line 3: ${inside("l")}`],
    ["a host that merges itself", "- &h { name: gpu-1, <<: *h }", `line 1: ${inside("h")}`],
    ["groups that hold themselves", "groups: &g\n  a: { labels: *g }\nhosts: []", `line 2: ${inside("g")}`],
    [
      "two values that hold one another",
      "- &a\n  name: gpu-1\n  labels: &b { x: *a }\n- { name: gpu-2, labels: *b }",
      `line 3: ${inside("a")}`,
    ],
    ["an alias of nothing", "- { name: gpu-1, labels: *none }", "line 1: *none, and no &none before it"],
  ])("rejects %s, once and with its line", (_what, text, problem) => {
    const { hosts, problems } = readYaml(text, at);
    expect({ hosts, problems: problems.map(({ path, got }) => `${path}: ${got}`) }).toEqual({
      hosts: [],
      problems: [`hosts.yaml: ${problem}`],
    });
  });

  it("rejects the same in an inventory of Ansible, each of them at once", () => {
    const text = `a:
  hosts:
    x1: &x1 { <<: *x1, gpuobs_gpus: 2 }
    x2: { gpuobs_labels: *none }
`;
    expect(readAnsibleYaml(text, at).problems.map(({ path, got }) => `${path}: ${got}`)).toEqual([
      `hosts.yaml: line 3: ${inside("x1")}`,
      "hosts.yaml: line 4: *none, and no &none before it",
    ]);
  });
});
