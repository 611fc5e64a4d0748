import { describe, expect, it } from "vitest";
import { command } from "../../../infra/cli/commands/alert.ts";

describe("npm run alert", () => {
  it.each([
    [
      "a cluster that it does not reach, with the way in",
      ["production"],
      /kubectl -n gpu-observability port-forward statefulset\/alertmanager 9093, .*--at 127\.0\.0\.1:9093/,
    ],
    ["a severity that does not exist", ["local", "--severity", "high"], /expected {2}one of critical, warning, info/],
    ["a severity without a word", ["local", "--severity"], /got {7}""/],
    ["a flag it does not know, naming those it does", ["local", "--to", "me"], /--severity, --team, --at/],
    ["no stack", ["--severity", "info"], /expected {2}one of local/],
  ])("rejects %s", async (_, args, message) => {
    await expect(command.run(args)).rejects.toThrow(message);
  });
});
