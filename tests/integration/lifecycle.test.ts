import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fetch } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findLine } from "../../infra/cli/verify/read.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { OFFLINE } from "../../infra/cli/unavailable.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { callGrpc } from "../support/grpc-client.ts";
import { listeningOf } from "../support/listening.ts";
import { LocalEnvironment } from "../support/local-environment.ts";
import { NETWORKS } from "../support/networks.ts";
import type { Ran } from "../support/test-environment.ts";
import { tryPlainHttp, tryTls } from "../support/tls-client.ts";

const LOOPBACK = NETWORKS.lifecycle;
const local = readEnvironment(PROJECT_ROOT, "local");
const workloads = planDeployables(
  planTopology({ ...local, network: { ...local.network, loopback: LOOPBACK } }, OFFLINE),
).map(({ workload }) => workload);
const listeners = workloads.flatMap(({ name, ports }) =>
  Object.entries(ports).map(([port, listener]) => ({ name: `${name}.${port}`, workload: name, ...listener })),
);
const secured = listeners.filter(({ access }) => access.startsWith("mtls"));
/** Of the console: browsers have no certificate. */
const forPeople = listeners.filter(({ workload }) => workload === "console");

describe("the local environment", () => {
  const environment = new LocalEnvironment(LOOPBACK);
  let preview: Ran;
  let first: Ran;

  const pids = () => Object.fromEntries(workloads.map(({ name }) => [name, environment.pidOf(name)]));

  beforeAll(async () => {
    preview = await environment.run("preview");
    first = await environment.run("up");
  }, 300_000);

  afterAll(async () => {
    await environment.run("destroy");
    environment.removeFolder();
  }, 120_000);

  it("is previewed with the policy pack before anything is there", () => {
    expect(preview.code, preview.output.slice(-4000)).toBe(0);
    expect(preview.output).toMatch(/\+ \d+ to create/);
    expect(preview.output).toContain("gpu-observability@");
  });

  it("comes up from nothing", () => {
    expect(first.code, first.output.slice(-6000)).toBe(0);
    console.log(`up from nothing: ${first.seconds.toFixed(1)} s`);
  });

  it("lands every signal in every backend", async () => {
    const verify = await environment.run("verify");
    console.log(verify.output);
    expect(verify.code).toBe(0);
  }, 180_000);

  it("changes nothing the second time", async () => {
    const again = await environment.run("up");
    console.log(`up unchanged: ${again.seconds.toFixed(1)} s`);
    expect(again.code, again.output.slice(-4000)).toBe(0);
    expect(again.output).not.toMatch(
      /\d+ (created|updated|replaced|deleted)|[+~-] \d+ (created|updated|replaced|deleted)/,
    );
    expect(again.output).toMatch(/\d+ unchanged/);
  }, 120_000);

  it("changes nothing in a refresh", async () => {
    const before = pids();
    const refreshed = await environment.engine("refresh");
    expect(refreshed.code, refreshed.output.slice(-4000)).toBe(0);
    expect(refreshed.output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
    expect(pids()).toEqual(before);
  }, 120_000);

  it("restarts the gateways alone when the sampling rate changes", async () => {
    const before = pids();
    const changed = await environment.run("up", "--set", "sampling.default=0.5");
    expect(changed.code, changed.output.slice(-4000)).toBe(0);
    const after = pids();
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(["gateway-a", "gateway-b"]);
    const back = await environment.run("up");
    expect(back.code, back.output.slice(-4000)).toBe(0);
  }, 180_000);

  it.each(secured.filter(({ protocol }) => protocol !== "udp"))(
    "rejects a client without a certificate, and one that speaks no TLS, on $name",
    async ({ workload, host, port }) => {
      const tls = join(environment.workloadFolder(workload), "tls");
      const ca = readFileSync(join(tls, "ca.pem"), "utf8");
      const [cert, key] = ["cert.pem", "key.pem"].map((file) => readFileSync(join(tls, file), "utf8"));
      expect(await tryTls(host, port, { ca, cert: cert ?? "", key: key ?? "" }), "with a certificate").toBeUndefined();
      expect(await tryTls(host, port, { ca }), "without a certificate").toMatch(/ALERT|ECONNRESET|EPROTO|closed/);
      expect(await tryPlainHttp(host, port)).not.toMatch(/^HTTP\/1\.[01] (2|3|401|404)/);
    },
  );

  it.each(forPeople)("rejects a browser without the password on $name", async ({ workload, host, port }) => {
    const file = join(environment.workloadFolder(workload), "secrets", "console-password");
    const authorization = `Basic ${Buffer.from(`viewer:${readFileSync(file, "utf8")}`).toString("base64")}`;
    expect((await fetch(`http://${host}:${port}/ready`)).status).toBe(401);
    expect((await fetch(`http://${host}:${port}/ready`, { headers: { authorization } })).status).not.toBe(401);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("listens on the planned addresses of loopback and nowhere else", () => {
    for (const { name, ports } of workloads) {
      const planned = Object.values(ports).map(({ host, port }) => `${host}:${port}`);
      expect([...listeningOf(environment.pidOf(name))].sort(), name).toEqual(planned.sort());
      for (const address of planned) expect(address, name).toMatch(/^127\./);
    }
  });

  it("ties a kernel line to its trace, GPU and severity in Loki (S0-11, S0-12, S0-64)", async () => {
    const traceId = randomBytes(16).toString("hex");
    const event = { gpu: 2, event: "xid", code: 95, trace_id: traceId };
    const posted = await fetch(`http://${LOOPBACK}.1:9400/events`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(event),
    });
    expect(posted.status).toBe(202);
    const dispatcher = environment.connect();
    const selector = '{service_name="kernel", host_name="gpu-1"}';
    const query = `${selector} | trace_id="${traceId}" | nvidia_xid="95" | severity_text="FATAL" | nvidia_pci_bus_id!=""`;
    const reader = { endpoint: `https://${LOOPBACK}.1:3100`, dispatcher };
    let missing = await findLine(reader, query);
    for (let attempt = 0; attempt < 40 && missing !== undefined; attempt += 1) {
      await sleep(500);
      missing = await findLine(reader, query);
    }
    await dispatcher.close();
    expect(missing).toBeUndefined();
  }, 60_000);

  it("answers the documents' own checks: health on 8888, metrics on 8889, DCGM on 9400 (S2-49, S2-50, S0-54)", async () => {
    expect((await fetch(`http://${LOOPBACK}.1:8888/`)).status).toBe(200);
    expect(await (await fetch(`http://${LOOPBACK}.1:8889/metrics`)).text()).toContain("otelcol_");
    expect(await (await fetch(`http://${LOOPBACK}.1:9400/metrics`)).text()).toContain("DCGM_FI_DEV_GPU_UTIL");
  });

  it("rejects a client with a certificate and no token at the gateways", async () => {
    const dispatcher = environment.connect();
    const guarded = listeners.filter(({ access, name }) => access === "mtls+token" && name.endsWith("otlpHttp"));
    expect(guarded.length).toBe(2);
    for (const { host, port } of guarded) {
      const options = { dispatcher, method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
      const answer = await fetch(`https://${host}:${port}/v1/traces`, options);
      expect(answer.status).toBe(401);
    }
    await dispatcher.close();
  });

  it("rejects a gRPC client with a certificate and no token at the gateways", async () => {
    const [ca, cert, key] = ["ca", "cert", "key"].map((file) =>
      readFileSync(join(environment.folder, "operator", `${file}.pem`), "utf8"),
    );
    const identity = { ca: ca ?? "", cert: cert ?? "", key: key ?? "" };
    const guarded = listeners.filter(({ access, name }) => access === "mtls+token" && name.endsWith("otlpGrpc"));
    expect(guarded.length).toBe(2);
    for (const { host, port } of guarded) {
      const method = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
      // 16 is UNAUTHENTICATED.
      expect(await callGrpc(`${host}:${port}`, method, identity)).toBe("16");
    }
  });

  it("keeps every secret out of rendered files, logs and plain state", async () => {
    const token = readFileSync(join(environment.workloadFolder("gateway-a"), "secrets", "otlp-token"), "utf8").trim();
    expect(token.length).toBeGreaterThan(30);
    const searched = filesBelow(environment.folder).filter(
      (file) => !/\/(tls|secrets|operator|data)\//.test(file) && !file.endsWith("/passphrase"),
    );
    expect(searched.length).toBeGreaterThan(20);
    for (const file of searched) {
      const text = readFileSync(file, "latin1");
      expect(text.includes(token), `${file} holds the token`).toBe(false);
      expect(text.includes("PRIVATE KEY"), `${file} holds a private key`).toBe(false);
    }
  });

  it("lets only its owner read keys and tokens", () => {
    const secrets = filesBelow(environment.folder).filter((file) =>
      /\/(secrets|operator)\/|key\.pem$|\/passphrase$/.test(file),
    );
    expect(secrets.length).toBeGreaterThan(10);
    for (const file of secrets) expect(statSync(file).mode & 0o077, file).toBe(0);
  });

  it("turns exactly the cells of a dead backend red, and heals on the next up", async () => {
    environment.crash("jaeger");
    const broken = await environment.run("verify", "--json", "--timeout", "15");
    expect(broken.code).toBe(1);
    const { cells } = JSON.parse(broken.output.slice(broken.output.indexOf("{"))) as {
      cells: { backend: string; status: string; reason?: string }[];
    };
    const red = new Set(cells.filter(({ status }) => status === "missing").map(({ backend }) => backend));
    expect([...red]).toEqual(["jaeger"]);
    const healed = await environment.run("up");
    expect(healed.code, healed.output.slice(-4000)).toBe(0);
    expect(healed.output).toMatch(/jaeger-process/);
    expect((await environment.run("verify")).code).toBe(0);
  }, 240_000);

  it("leaves no process, port or file behind", async () => {
    const pids = workloads.map(({ name }) => environment.pidOf(name));
    const destroyed = await environment.run("destroy");
    expect(destroyed.code, destroyed.output.slice(-4000)).toBe(0);
    expect(destroyed.output).not.toMatch(/still maintained|pulumi stack rm/);
    for (const pid of pids) expect(isRunning(pid), `process ${pid}`).toBe(false);
    for (const { name, host, port } of listeners) expect(await tryPlainHttp(host, port), name).toBe("ECONNREFUSED");
    expect(existsSync(environment.folder)).toBe(false);
  }, 120_000);
});

/** A zombie has ended: only the machine's init has not read its exit code yet. */
function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return false;
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** Follows no links: the policy pack's copy leads back to the project's modules. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}
