import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { toKernelLine } from "../../../components/gpu-host/simulator/kernel-line.ts";
import { KernelLog } from "../../../components/gpu-host/simulator/kernel-log.ts";

const folder = mkdtempSync(join(tmpdir(), "kernel-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a line of kern.log", () => {
  const message = {
    atMs: Date.UTC(2026, 2, 4, 5, 6, 7, 89),
    uptimeSeconds: 12.5,
    severity: 4,
    text: "NVRM: hello",
  } as const;

  it("has rsyslog's default form, which carries no priority (S0-64)", () => {
    expect(toKernelLine(message, "gpu-1", "traditional")).toBe(
      "Mar  4 05:06:07 gpu-1 kernel: [   12.500000] NVRM: hello",
    );
  });

  it("has rsyslog's newer form with an ISO time", () => {
    expect(toKernelLine(message, "gpu-1", "iso")).toBe(
      "2026-03-04T05:06:07.089000+00:00 gpu-1 kernel: [   12.500000] NVRM: hello",
    );
  });

  it("has the form of RFC 5424 with its priority", () => {
    expect(toKernelLine(message, "gpu-1", "syslog23")).toBe(
      "<4>1 2026-03-04T05:06:07.089000+00:00 gpu-1 kernel - - - [   12.500000] NVRM: hello",
    );
  });
});

describe("kern.log", () => {
  it("exists before its first line, in a folder it makes itself", () => {
    const file = join(folder, "new", "log", "kern.log");
    new KernelLog(file, 1000);
    expect(readFileSync(file, "utf8")).toBe("");
  });

  it("never grows beyond its cap, and keeps the file before the last", () => {
    const file = join(folder, "kern.log");
    const log = new KernelLog(file, 100);
    for (let index = 0; index < 50; index += 1) log.append(`line ${String(index).padStart(4, "0")}`);
    expect(statSync(file).size).toBeLessThanOrEqual(100);
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(100);
    expect(existsSync(`${file}.2`)).toBe(false);
    expect(readFileSync(file, "utf8")).toMatch(/line 0049\n$/);
  });

  it("counts what a run before it has written", () => {
    const file = join(folder, "old.log");
    writeFileSync(file, "x".repeat(95));
    new KernelLog(file, 100).append("a line of more than five");
    expect(readFileSync(file, "utf8")).toBe("a line of more than five\n");
  });
});
