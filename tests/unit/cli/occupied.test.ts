import { createServer } from "node:net";
import { basename, dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureProcess } from "../../../components/runtime/process/start.ts";
import type { Listener } from "../../../components/runtime/workload.ts";
import { findOccupied } from "../../../infra/cli/occupied.ts";
import { warnOfOccupied } from "../../../infra/cli/prepare.ts";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";
import { cleanUp, describeProcess, makeStateFolder, takePort } from "../runtime/process-fixture.ts";

let other: string;
beforeEach(() => {
  other = makeStateFolder();
});
afterEach(() => cleanUp(other));

const listen = (name: string, ...ports: readonly number[]) => listenAt("127.0.0.1", name, ...ports);
const listenAt = (host: string, name: string, ...ports: readonly number[]) => ({
  name,
  ports: Object.fromEntries(
    ports.map((port): [string, Listener] => [`p${port}`, { host, port, protocol: "tcp", access: "plaintext" }]),
  ),
});

describe("an environment whose addresses another environment holds", () => {
  it("rejects them once, names the other environment, and gives the network that is free", async () => {
    const held = [takePort(), takePort(), takePort()];
    const [first = 0, second = 0, inside = 0] = held;
    const script = `const ports = process.argv.slice(1).map(Number);
      const hosts = ["127.0.0.1", "127.0.0.1", "127.9.9.9"];
      for (const [index, port] of ports.entries()) require("http").createServer((q, s) => s.end()).listen(port, hosts[index]);`;
    const spec = describeProcess(other, script, { args: held.map(String), listeners: [] });
    await ensureProcess({ ...spec, health: { ...spec.health, port: held[0]! } });
    const problems = await findOccupied(
      [listen("loki", first, second), listen("tempo", takePort()), listenAt("127.9.9.9", "inside", inside)],
      parseEnvironment(["local"]),
    );
    expect(problems).toEqual([
      {
        path: "stacks/Pulumi.local.yaml: network.loopback",
        expected: "a network that no other environment of this machine uses",
        got: `127.0.0: the environment ${basename(other)} (${other}) holds 3 of its ports, such as loki 127.0.0.1:${first}`,
        fix: `--set network.loopback=127.0.1, or network: { loopback: 127.0.1 } in stacks/Pulumi.local.yaml; to end the other: XDG_STATE_HOME=${dirname(dirname(other))} npm run destroy -- ${basename(other)}`,
      },
    ]);
    expect(() => parseEnvironment(["local", "--set", "network.loopback=127.0.1"])).not.toThrow();
  });

  it("rejects what a strange program holds for each port, as before", async () => {
    const port = takePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const problems = await findOccupied([listen("loki", port)], parseEnvironment(["local"]));
    server.close();
    expect(problems.map(({ fix }) => fix)).toEqual([`end it if you do not need it: kill ${process.pid}`]);
  });

  it("is warned of, not refused, where nothing is changed", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    warnOfOccupied([{ path: "loki", expected: "a free port", got: "held", fix: "end it" }]);
    warnOfOccupied([]);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^warning: `up` will refuse 1 problem:\n {2}loki\n/)]]);
    warn.mockRestore();
  });
});
