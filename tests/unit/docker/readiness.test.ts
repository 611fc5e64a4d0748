import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Probe } from "../../../components/runtime/docker/container-plan.ts";
import { type ReadinessInputs, readinessProvider } from "../../../components/runtime/docker/readiness-provider.ts";
import { issueAuthority, issueLeaf } from "../../../components/security/x509.ts";

describe("a container that is asked from outside", () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  const listen = async (made: Server): Promise<number> => {
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    return (made.address() as AddressInfo).port;
  };
  const inputs = (
    port: number,
    more: Partial<Probe> = {},
    identity: ReadinessInputs["identity"] = {},
  ): ReadinessInputs => ({
    probe: {
      scheme: "http",
      address: "127.0.0.1",
      port,
      path: "/ready",
      serverName: "tempo",
      deadlineSeconds: 1,
      ...more,
    },
    container: "gpu-observability-dev-tempo",
    containerId: "one",
    identity,
  });

  it("is ready with the first 2xx", async () => {
    let asked = 0;
    const port = await listen(
      createServer((_request, response) => response.writeHead((asked += 1) < 3 ? 503 : 204).end()),
    );
    const { outs } = await readinessProvider.create(inputs(port));
    expect({ ...outs, asked }).toMatchObject({ ready: true, containerId: "one", asked: 3 });
  });

  it("shows its own certificate, and asks for the container's by name", async () => {
    const authority = await issueAuthority({ commonName: "test", validityDays: 1 });
    const leaf = await issueLeaf(authority, {
      commonName: "tempo",
      dnsNames: ["tempo"],
      ipAddresses: [],
      validityDays: 1,
    });
    const tls = {
      ca: authority.certPem,
      cert: leaf.certPem,
      key: leaf.keyPem,
      requestCert: true,
      rejectUnauthorized: true,
    };
    const port = await listen(
      createTlsServer(tls, (_request, response) => response.writeHead(200).end()) as unknown as Server,
    );
    const identity = { caPem: authority.certPem, certPem: leaf.certPem, keyPem: leaf.keyPem };
    const { outs } = await readinessProvider.create(inputs(port, { scheme: "https" }, identity));
    expect(outs.ready).toBe(true);
    await expect(
      readinessProvider.create(inputs(port, { scheme: "https", serverName: "loki" }, identity)),
    ).rejects.toThrow("loki");
  });

  it("rejects at the deadline, with the last answer and where to look", async () => {
    const port = await listen(createServer((_request, response) => response.writeHead(503).end()));
    await expect(readinessProvider.create(inputs(port))).rejects.toThrow(
      `gpu-observability-dev-tempo is not ready after 1 s: GET http://127.0.0.1:${port}/ready gave HTTP 503; ` +
        "see docker logs gpu-observability-dev-tempo",
    );
  });

  it("is asked anew when the container or the question is another, and not otherwise", async () => {
    const port = await listen(createServer((_request, response) => response.writeHead(200).end()));
    const { outs } = await readinessProvider.create(inputs(port));
    const changes = async (news: ReadinessInputs) => (await readinessProvider.diff("id", outs, news)).changes;
    expect(await changes(inputs(port))).toBe(false);
    expect(await changes({ ...inputs(port), containerId: "two" })).toBe(true);
    expect(await changes(inputs(port, { path: "/status" }))).toBe(true);
  });
});
