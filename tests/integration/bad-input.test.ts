import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { issueAuthority, issueLeaf } from "../../components/security/x509.ts";
import { LocalEnvironment } from "../support/local-environment.ts";
import { NETWORKS } from "../support/networks.ts";

const LOOPBACK = NETWORKS.badInput;

describe("up", () => {
  let environment: LocalEnvironment;
  beforeEach(() => {
    environment = new LocalEnvironment(LOOPBACK);
  });
  afterEach(() => environment.removeFolder());

  const refuse = async (...args: readonly string[]) => {
    const { code, output } = await environment.run("up", ...args);
    expect(code).toBe(1);
    expect(existsSync(environment.folder), "nothing is created").toBe(false);
    return output.trim();
  };

  it("rejects several wrong values at once, and creates nothing", async () => {
    expect(await refuse("--set", "gateways.count=two", "--set", "prometeus.replicas=1")).toBe(
      [
        "2 problems:",
        "  --set gateways.count",
        "    expected  a value of type number",
        '    got       "two"',
        "    fix       change --set gateways.count",
        "  --set prometeus",
        "    expected  a known key",
        '    got       unknown key "prometeus"',
        '    fix       did you mean "prometheus"? remove "prometeus"; stacks/environment.schema.json lists what may stand here',
      ].join("\n"),
    );
  });

  it("rejects two parts on one port", async () => {
    expect(await refuse("--set", "network.ports={loki.http: 3200}")).toBe(
      [
        "1 problem:",
        "  loki.http on this machine",
        "    expected  a port of its own",
        `    got       ${LOOPBACK}.1:3200, already the port of tempo.http`,
        "    fix       give one of them another port: network.ports: { loki.http: <port> }",
      ].join("\n"),
    );
  });

  it("rejects a port that something else holds, and names the holder", async () => {
    const server = createServer().listen(3100, `${LOOPBACK}.1`);
    const output = await refuse();
    server.close();
    const holder = `    got       held by ${String(/held by (.+) \(pid/.exec(output)?.[1])} (pid ${process.pid})`;
    expect(output).toBe(
      [
        "1 problem:",
        `  loki: port http, tcp ${LOOPBACK}.1:3100`,
        "    expected  a free port",
        holder,
        `    fix       end it if you do not need it: kill ${process.pid}`,
      ].join("\n"),
    );
  });

  it("rejects a state folder it cannot make", async () => {
    const { code, output } = await environment.runIn("/proc/nowhere", "up");
    expect(code).toBe(1);
    expect(output).toContain("expected  a state folder this user may write to");
    expect(output).toContain(
      "fix       free or change the folder, or choose another: XDG_STATE_HOME=<folder> npm start",
    );
  });

  it("rejects a host name nobody may have", async () => {
    expect(await refuse("--set", "hosts=[{name: GPU_1, runtime: process}]")).toContain(
      "expected  lower-case letters, digits and hyphens, 2 to 40 long",
    );
  });
});

describe("verify", () => {
  it("rejects an operator's certificate that has expired, and says what renews it", async () => {
    const environment = new LocalEnvironment(LOOPBACK);
    const folder = join(environment.folder, "operator");
    mkdirSync(folder, { recursive: true });
    const long = new Date(Date.now() - 100 * 86_400_000);
    const authority = await issueAuthority({ commonName: "old", validityDays: 10 }, long);
    const leaf = await issueLeaf(
      authority,
      { commonName: "operator", dnsNames: ["operator"], ipAddresses: [], validityDays: 5 },
      long,
    );
    for (const [name, text] of [
      ["ca", authority.certPem],
      ["cert", leaf.certPem],
      ["key", leaf.keyPem],
    ] as const) {
      writeFileSync(join(folder, `${name}.pem`), text);
    }
    const { code, output } = await environment.run("verify");
    environment.removeFolder();
    expect(code).toBe(1);
    expect(output).toContain("expected  a certificate that is valid now");
    expect(output).toContain("got       one that expired on ");
    expect(output).toContain("fix       npm run up -- local, which renews it");
  });
});
