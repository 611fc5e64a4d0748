import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { program } from "../support/programs.ts";

const PAGE = readFileSync(join(PROJECT_ROOT, "infra", "runbooks", "dry-run.md"), "utf8");
/** Where the page looks for programs unless `XDG_CACHE_HOME` says otherwise. */
const CACHE = "~/.cache/gpu-observability/programs";
const PROGRAMS = dirname(dirname(dirname(program("otelcol"))));

/** Commands that judge a file, with the lines a backslash or pipe continues. */
const commands = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .flatMap(([, block = ""]) => block.replaceAll(/(\\|\|)\n\s*/g, "$1 ").split("\n"))
  .filter((line) => line.includes(CACHE));

describe("the page on checking a configuration", () => {
  it("has a command for the collector, Prometheus and Alertmanager", () => {
    expect(commands.map((command) => /programs\/(\w+)/.exec(command)?.[1])).toEqual([
      "otelcol",
      "promtool",
      "promtool",
      "amtool",
    ]);
  });

  it.each(commands)("accepts the committed file with: %s", (command) => {
    const { status, stdout, stderr } = run(command);
    expect(status, `${stdout}${stderr}`).toBe(0);
  });

  it("rejects a collector's file with a wrong key, which it names", () => {
    const [collector = ""] = commands;
    const { status, stderr } = run(collector.replace("sed '", "sed 's/sending_queue:/sending_queues:/;"));
    expect(status).toBe(1);
    expect(stderr).toContain("sending_queues");
  });
});

function run(command: string) {
  const text = command.replaceAll(CACHE, PROGRAMS);
  return spawnSync("bash", ["-o", "pipefail", "-c", text], { cwd: PROJECT_ROOT, encoding: "utf8", timeout: 60_000 });
}
