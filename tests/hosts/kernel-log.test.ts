import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KERNEL_LOG_SCRIPT } from "../../components/runtime/ssh/host-scripts.ts";

/** As journalctl prints them, fields in an order of its own. */
const LINES = [
  {
    PRIORITY: "3",
    __CURSOR: "s=1;i=1",
    MESSAGE: 'NVRM: Xid (PCI:0000:17:00): 79, name="a\\b", fallen off',
    __REALTIME_TIMESTAMP: "1700000000123456",
  },
  { __CURSOR: "s=1;i=2", __REALTIME_TIMESTAMP: "1700000001000000", MESSAGE: "usb 1-1: new device", PRIORITY: "6" },
];

describe("the kernel's messages where there is no rsyslog", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gpu-observability-kernel-"));
    writeFileSync(join(folder, "script"), KERNEL_LOG_SCRIPT);
    writeFileSync(join(folder, "lines"), LINES.map((line) => `${JSON.stringify(line)}\n`).join(""));
    writeFileSync(join(folder, "journalctl"), `#!/bin/sh\necho "$*" > ${folder}/arguments\ncat ${folder}/lines\n`);
    chmodSync(join(folder, "journalctl"), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = () => {
    const files = [join(folder, "kern.log"), join(folder, "cursor")];
    const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
    return spawnSync("sh", [join(folder, "script"), ...files], { env, encoding: "utf8" });
  };
  const read = (name: string) => readFileSync(join(folder, name), "utf8");

  it("are written with their priority, as rsyslog would", () => {
    expect(run()).toMatchObject({ status: 0, stderr: "" });
    expect(read("kern.log")).toBe(
      `<3>2023-11-14T22:13:20Z ${hostname()} kernel: NVRM: Xid (PCI:0000:17:00): 79, name="a\\b", fallen off\n` +
        `<6>2023-11-14T22:13:21Z ${hostname()} kernel: usb 1-1: new device\n`,
    );
  });

  it("go on where they were left, over every boot", () => {
    run();
    expect(read("arguments")).toContain("--lines 1000 _TRANSPORT=kernel");
    run();
    expect(read("arguments")).toContain("--lines all --after-cursor s=1;i=2 _TRANSPORT=kernel");
  });
});
