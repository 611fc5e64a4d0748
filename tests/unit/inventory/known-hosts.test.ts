import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { indexKnownHosts } from "../../../infra/inventory/known-hosts-match.ts";
import { parseKnownHosts } from "../../../infra/inventory/known-hosts.ts";
import { hashed, hostKey } from "./known-hosts-lines.ts";

const ED = hostKey("ssh-ed25519", "one");
const parse = (text: string) => parseKnownHosts(text, (line) => `file: line ${line}`);

describe("parseKnownHosts", () => {
  it("reads names, types, keys and markers, past comments, empty lines and either end of a line", () => {
    const rsa = hostKey("ssh-rsa", "two");
    const text = `\uFEFFgpu-1,10.0.0.1 ${ED} root@gpu-1\r\n\r\n# gpu-1:22 SSH-2.0\n  @revoked\t* ${rsa}\n@cert-authority *.example.org ${ED}`;
    expect(parse(text)).toEqual({
      keys: [
        { line: 1, names: "gpu-1,10.0.0.1", type: "ssh-ed25519", key: ED },
        { line: 4, names: "*", type: "ssh-rsa", key: rsa, marker: "revoked" },
        { line: 5, names: "*.example.org", type: "ssh-ed25519", key: ED, marker: "authority" },
      ],
      problems: [],
    });
  });

  it("reads keys of types that nobody here uses", () => {
    const key = hostKey("sk-ssh-ed25519@openssh.com", "a token");
    expect(parse(`gpu-1 ${key}`).keys).toMatchObject([{ type: "sk-ssh-ed25519@openssh.com", key }]);
  });

  it.each([
    ["an unknown marker", `@trusted gpu-1 ${ED}`, 'the unknown marker "@trusted"'],
    ["a name alone", "gpu-1", "1 word and no key"],
    ["a line without a name", ED, "2 words and no key"],
    ["a hash that is not whole", `|1|c2FsdA==|aGFzaA== ${ED}`, "a hashed name that is not |1|<salt>|<hash>"],
    ["a key cut off", `gpu-1 ${ED.slice(0, -8)}`, "a key that is not one of type ssh-ed25519, or not all of it"],
    ["a key of another type", `gpu-1 ${ED.replace("ssh-ed25519", "ssh-rsa")}`, "a key that is not one of type ssh-rsa"],
    ["a key of version 1", "gpu-1 1024 37 159203", "a key that is not one of type 1024"],
    ["letters that are not base64", `gpu-1 ${ED}!`, "a key that is not one of type ssh-ed25519"],
  ])("rejects %s by its line, and reads the others", (_, line, got) => {
    const { keys, problems } = parse(`gpu-0 ${ED}\n${line}\ngpu-2 ${ED}\n`);
    expect(keys.map(({ names }) => names)).toEqual(["gpu-0", "gpu-2"]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      path: "file: line 2",
      expected: "[@revoked | @cert-authority] <names> <type> <key>",
    });
    expect(problems[0]?.got).toContain(got);
  });
});

/** Numbers of the lines that are a name's. */
function linesOf(text: string, name: string): readonly number[] {
  return indexKnownHosts(parse(text).keys)(name).map(({ line }) => line);
}

describe("indexKnownHosts", () => {
  it("finds hashed names again, and whose line it was is not forgotten for the names behind", () => {
    const find = indexKnownHosts(
      parse(`${hashed("gpu-1")} ${ED}\n${hashed("gpu-2")} ${ED}\n${hashed("gpu-1", "b")} ${ED}`).keys,
    );
    const ask = (name: string) => find(name).map(({ line }) => line);
    expect(["gpu-1", "gpu-2", "gpu-1", "gpu-3"].map(ask)).toEqual([[1, 3], [2], [1, 3], []]);
  });

  it("does not stop at a pattern that would keep an expression busy", () => {
    expect(linesOf(`${"*a".repeat(60)}b ${ED}`, "a".repeat(250))).toEqual([]);
  });
});

const noKeygen = spawnSync("ssh-keygen", ["-?"]).error !== undefined;
if (noKeygen) console.log("skipped: ssh-keygen is not installed (Debian: openssh-client)");

describe.skipIf(noKeygen)("names found beside ssh-keygen", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-known-hosts-"));
  const file = join(folder, "known_hosts");
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What `ssh-keygen -F` finds. */
  function askKeygen(text: string, name: string): readonly number[] {
    writeFileSync(file, text);
    const { stdout } = spawnSync("ssh-keygen", ["-F", name, "-f", file], { encoding: "utf8" });
    return [...stdout.matchAll(/^# Host .* found: line (\d+)/gm)].map(([, line]) => Number(line));
  }

  it.each([
    ["a plain name", "gpu-1", "gpu-1", true],
    ["one of several names", "gpu-1,10.0.0.1,gpu-1.example.org", "10.0.0.1", true],
    ["letters of either case", "GPU-1", "gpu-1", true],
    ["a name asked in capitals", "gpu-1", "GPU-1", true],
    ["a part of a name", "gpu-1", "gpu-11", false],
    ["a port", "[gpu-1]:2222", "[gpu-1]:2222", true],
    ["another port", "[gpu-1]:2222", "[gpu-1]:2223", false],
    ["an address of IPv6", "2001:db8::1", "2001:db8::1", true],
    ["an address of IPv6 with a port", "[2001:db8::1]:2222", "[2001:db8::1]:2222", true],
    ["a wildcard", "*.example.org", "gpu-1.example.org", true],
    ["a wildcard that needs a dot", "*.example.org", "example.org", false],
    ["a wildcard for one letter", "gpu-?", "gpu-1", true],
    ["a wildcard for one letter, and two", "gpu-?", "gpu-10", false],
    ["a wildcard with a port", "[*.example.org]:2222", "[gpu-1.example.org]:2222", true],
    ["two wildcards", "g*-*1", "gpu-21", true],
    ["a negation", "*.example.org,!bad.example.org", "bad.example.org", false],
    ["a negation in front", "!bad.example.org,*.example.org", "bad.example.org", false],
    ["a negation of another", "*.example.org,!bad.example.org", "good.example.org", true],
    ["a negation alone", "!gpu-1", "gpu-2", false],
    ["a hashed name", hashed("gpu-1"), "gpu-1", true],
    ["a hashed name of another", hashed("gpu-1"), "gpu-2", false],
    ["a hashed name with a port", hashed("[gpu-1]:2222"), "[gpu-1]:2222", true],
  ])("are the same for %s", (_, names, name, isFound) => {
    const text = `# first\nother ${ED}\n${names} ${ED}\n`;
    expect(linesOf(text, name)).toEqual(isFound ? [3] : []);
    expect(askKeygen(text, name)).toEqual(isFound ? [3] : []);
  });

  it("are the same once ssh-keygen has hashed the file, capitals and ports too", () => {
    const names = ["gpu-1", "10.0.0.1", "[gpu-2]:2222", "gpu-3"];
    writeFileSync(file, `gpu-1,10.0.0.1 ${ED}\n[gpu-2]:2222 ${ED}\nGPU-3 ${ED}\n`);
    expect(spawnSync("ssh-keygen", ["-H", "-f", file]).status).toBe(0);
    const text = spawnSync("cat", [file], { encoding: "utf8" }).stdout;
    expect(text).toMatch(/^(\|1\|.*\n){4}$/);
    for (const [index, name] of names.entries()) {
      expect(linesOf(text, name)).toEqual([index + 1]);
      expect(askKeygen(text, name)).toEqual([index + 1]);
    }
  });

  it("are the same for whatever lines there are", () => {
    const name = fc.constantFrom("a", "ab", "ba", "a.b", "[a]:22", "[a]:2222", "[ab]:2222");
    const pattern = fc.oneof(
      name,
      fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "?", "[", "]"), minLength: 1, maxLength: 5 }),
    );
    const part = fc.oneof(
      pattern,
      pattern.map((one) => `!${one}`),
      pattern.map((one) => one.toUpperCase()),
    );
    const names = fc.oneof(
      fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(",")),
      name.map((one) => hashed(one)),
    );
    const marker = fc.constantFrom("", "", "@revoked ", "@cert-authority ");
    const lines = fc.array(fc.tuple(marker, names), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lines, name, (rows, asked) => {
        const text = rows.map(([mark, of]) => `${mark}${of} ${ED}\n`).join("");
        expect(linesOf(text, asked)).toEqual(askKeygen(text, asked));
      }),
      { numRuns: 150 },
    );
  });
});
