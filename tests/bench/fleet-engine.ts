// A process of its own for each command of a bench: runs the engine on dev with a fleet of hosts over ssh, all of it as
// `npm run up` would, but for the hosts, which no stack file names.
//
// `node tests/bench/fleet-engine.ts <hosts> <preview|up> [<host to change>]`
import { keepCompiledCode } from "../../infra/cli/compiled.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { HOST_KEY } from "../support/host-key.ts";

keepCompiledCode();
const { runEngine } = await import("../../infra/cli/engine.ts");
const { loadEnvironment, readEnvironment } = await import("../../infra/environment/load.ts");

const [hosts = "", command = "", changed = ""] = process.argv.slice(2);
const { name, ...dev } = readEnvironment(PROJECT_ROOT, "dev");

const environment = loadEnvironment(name, {
  ...dev,
  hosts: Array.from({ length: Number(hosts) }, (_, index) => ({
    name: `gpu-${index}`,
    runtime: "ssh",
    address: `gpu-${index}.internal`,
    hostKey: HOST_KEY,
    gpus: String(index) === changed ? 4 : 8,
  })),
  greptimedb: { ...dev.greptimedb, enabled: false },
  grafana: { ...dev.grafana, enabled: false },
  // An engine elsewhere: nobody asks its containers whether they are ready.
  docker: { ...dev.docker, host: "ssh://nobody@docker.invalid" },
});
const words = command === "up" ? ["up", "--yes", "--skip-preview", "--refresh", "--continue-on-error"] : ["preview"];
process.exitCode = await runEngine(environment, [...words, "--suppress-outputs"]);
