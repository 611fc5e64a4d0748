import { describe, expect, it } from "vitest";
import { toStatusText } from "../../../infra/cli/status/text.ts";

const addresses = { http: "127.0.0.1:3100" };

describe("the status of an environment", () => {
  it("says for each program whether it runs and answers, and where", () => {
    const text = toStatusText({
      stack: "local",
      programs: [
        { name: "loki", state: { kind: "answers", pid: 7, memoryMiB: 80.4 }, addresses },
        {
          name: "tempo",
          state: {
            kind: "silent",
            pid: 8,
            memoryMiB: 90,
            asked: "GET https://a/ready",
            lastAnswer: "no answer within 3 s",
          },
          addresses,
        },
        { name: "jaeger", state: { kind: "stopped" }, addresses },
      ],
      elsewhere: { "gpu-9-agent": "ssh" },
      alerts: [],
    });
    expect(text.split("\n")).toEqual([
      "local: 1 of 3 programs of this machine answer",
      "  loki      answers          pid 7, 80 MiB; 127.0.0.1:3100 http",
      "  tempo     does not answer  pid 8, 90 MiB; last answer: no answer within 3 s",
      "  jaeger    stopped",
      "  gpu-9-agent  runs on ssh: not asked here",
      "command at work: none",
      "alerts: none fires",
    ]);
  });

  it("names the command at work, and the alerts that fire but for the watchdog", () => {
    const alert = (name: string, severity: string) => ({ name, severity, about: "host_name=gpu-1", since: "now" });
    const alerts = [alert("Watchdog", "info"), alert("GpuXidCritical", "critical")];
    const text = toStatusText({ stack: "local", programs: [], elsewhere: {}, atWork: 42, alerts });
    expect(text).toContain("command at work: process 42");
    expect(text).toContain("alerts that fire: 1\n  critical  GpuXidCritical  host_name=gpu-1  since now");
  });

  it("does not call alerts absent that it could not ask for", () => {
    expect(toStatusText({ stack: "local", programs: [], elsewhere: {} })).toContain("alerts: unknown");
  });
});
