import type { AddressInfo } from "node:net";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newKey } from "../engine/ssh-host.ts";
import { runThere } from "../support/plugins/command/run.ts";

const { Server } = ssh2;

describe("the stand-in of the command plugin", () => {
  const { privateKey } = newKey();
  let server: InstanceType<typeof Server>;
  let logins = 0;

  beforeAll(async () => {
    server = new Server({ hostKeys: [newKey().privateKey] }, (client) => {
      client.on("error", () => undefined);
      client.on("authentication", () => {
        logins += 1;
        client.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());

  it("rejects a host that hangs up while it is logged in to, after the attempts that the connection allows", async () => {
    const { port } = server.address() as AddressInfo;
    const connection = {
      host: "127.0.0.1",
      port,
      user: "deployer",
      privateKey,
      dialErrorLimit: 2,
      perDialTimeout: 300,
    };
    const run = runThere({ command: "true", environment: {} }, connection);
    await expect(run).rejects.toThrow("after 2 failed attempts: ssh: handshake failed: EOF");
    expect(logins).toBe(3);
  });
});
