import { describe, expect, it } from "vitest";
import { renderAgent } from "../../../components/collector/render-agent.ts";
import { renderKernelLog, renderNvidiaLog } from "../../../components/collector/render-kernel-logs.ts";
import { agentSettings } from "./fixture.ts";

interface Operator {
  readonly type: string;
  readonly regex?: string;
  readonly parse_from?: string;
  readonly mapping?: Readonly<Record<string, unknown>>;
  readonly on_error?: string;
}

const kernel = renderKernelLog(["/var/log/kern.log"]) as { operators: readonly Operator[] };
/** The collector's words and the SeverityNumber each stands for. */
const NUMBERS: Readonly<Record<string, number>> = {
  fatal: 21,
  error3: 19,
  error2: 18,
  error: 17,
  warn: 13,
  info2: 10,
  info: 9,
  debug: 5,
};
const mappingOf = (source: string) =>
  kernel.operators.find(({ type, parse_from }) => type === "severity_parser" && parse_from === source)?.mapping ?? {};
const syslog = mappingOf("attributes.level");
const xid = mappingOf("attributes.nvidia.xid");
const codesOf = (severity: string): readonly number[] =>
  ((xid[severity] ?? []) as readonly (string | { min: number; max: number })[]).flatMap((code) =>
    typeof code === "string"
      ? [Number(code)]
      : Array.from({ length: code.max - code.min + 1 }, (_, index) => code.min + index),
  );
/** Go spells named groups with a P. */
const pattern = (index: number) =>
  new RegExp(
    (kernel.operators.filter(({ type }) => type === "regex_parser")[index]?.regex ?? "").replaceAll("(?P<", "(?<"),
  );
const [LINE, XID, FALLEN_OFF] = [pattern(0), pattern(1), pattern(2)];

describe("the severity of a kernel line", () => {
  it.each([
    ["emerg", 0, 21],
    ["alert", 1, 19],
    ["crit", 2, 18],
    ["err", 3, 17],
    ["warning", 4, 13],
    ["notice", 5, 10],
    ["info", 6, 9],
    ["debug", 7, 5],
  ])("is of syslog's %s (%i) SeverityNumber %i (S0-64)", (_, level, number) => {
    const words = Object.keys(syslog).filter((word) => syslog[word] === level);
    expect(words.map((word) => NUMBERS[word])).toEqual([number]);
  });

  it("puts no Xid into two severities", () => {
    const codes = Object.keys(xid).flatMap(codesOf);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each([
    [48, "fatal"],
    [64, "fatal"],
    [79, "fatal"],
    [95, "fatal"],
    [149, "fatal"],
    [31, "error"],
    [94, "error"],
    [13, "error"],
    [63, "error"],
    [43, "info"],
    [154, "info"],
  ])("is of Xid %i %s, by NVIDIA's recommended action", (code, severity) => {
    expect(Object.keys(xid).filter((word) => codesOf(word).includes(code))).toEqual([severity]);
  });

  it("is decided by the Xid after the priority, because the driver logs every Xid alike", () => {
    const sources = kernel.operators.filter(({ type }) => type === "severity_parser").map((item) => item.parse_from);
    expect(sources).toEqual(["attributes.level", "attributes.nvidia.xid"]);
  });

  it("is never left open: a line without a priority or a known code gets one in the pipeline (S0-64)", () => {
    const { processors, service } = renderAgent(agentSettings());
    expect(service.pipelines["logs"]?.processors).toContain("transform/kernel");
    const text = JSON.stringify(processors["transform/kernel"]);
    expect(text).toContain("SEVERITY_NUMBER_INFO) where severity_number == SEVERITY_NUMBER_UNSPECIFIED");
    expect(text).toContain("SEVERITY_NUMBER_ERROR) where severity_number == SEVERITY_NUMBER_UNSPECIFIED");
  });

  it("of an unknown Xid is no number: its text is emptied before the pipeline finds a severity for it", () => {
    const { processors } = renderAgent(agentSettings());
    const [group] = (processors["transform/kernel"] as { log_statements: { statements: readonly string[] }[] })
      .log_statements;
    expect(group?.statements[0]).toBe('set(severity_text, "") where severity_number == SEVERITY_NUMBER_UNSPECIFIED');
  });

  it("leaves the lines of applications as they are", () => {
    const { processors } = renderAgent(agentSettings());
    const { log_statements } = processors["transform/kernel"] as {
      log_statements: readonly { conditions: readonly string[] }[];
    };
    for (const { conditions } of log_statements) expect(conditions.join()).toContain('["service.name"] == "kernel"');
  });
});

describe("a kernel line", () => {
  it.each([
    ["traditional", "Nov  2 06:00:01 gpu-1 kernel: NVRM: loading", undefined],
    ["with an ISO time", "2026-11-21T06:00:01.123456+00:00 gpu-1 kernel: NVRM: loading", undefined],
    ["with a priority (C-38)", "<3>2026-11-21T06:00:01.123456+00:00 gpu-1 kernel: NVRM: loading", "3"],
    ["with a tag that has a process id", "<30>Nov 12 06:00:01 gpu-1 nvidia-persistenced[812]: NVRM: loading", "30"],
  ])("is read in the form %s", (_, line, priority) => {
    const groups = LINE.exec(line)?.groups;
    expect(groups).toMatchObject({ host: "gpu-1", message: "NVRM: loading" });
    expect(groups?.["pri"]).toBe(priority);
  });

  it("that no form fits is kept as it is", () => {
    expect(LINE.test("not a syslog line")).toBe(false);
    for (const { type, on_error } of kernel.operators) if (type === "regex_parser") expect(on_error).toBe("send_quiet");
  });

  it.each([
    [
      "NVRM: Xid (PCI:0000:05:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
      "79",
      "PCI:0000:05:00",
    ],
    ["NVRM: Xid (0000:03:00): 14, Channel 00000001", "14", "0000:03:00"],
    ["NVRM: Xid (PCI:0000:9b:00): 31, pid=4711, name=python3, Ch 00000008, MMU Fault", "31", "PCI:0000:9b:00"],
    ["NVRM: Xid (PCI:0000:05:00): 149, NETIR_LINK_EVT Fatal XC0 i0 Link 08", "149", "PCI:0000:05:00"],
  ])("names its Xid and its GPU: %s", (message, code, pci) => {
    expect(XID.exec(message)?.groups).toMatchObject({ xid: code, pci });
  });

  it("names the process, so that it can be joined with its spans (C-38)", () => {
    const message = "NVRM: Xid (PCI:0000:9b:00): 31, pid=4711, name=python3, Ch 00000008, MMU Fault";
    expect(XID.exec(message)?.groups).toMatchObject({ pid: "4711", pname: "python3" });
  });

  it.each([
    "NVRM: GPU 0000:18:00.0: GPU has fallen off the bus.",
    "NVRM: GPU at 0000:18:00.0: GPU has fallen off the bus.",
  ])("is known as Xid 79 without the number: %s", (message) => {
    expect(FALLEN_OFF.exec(message)?.groups).toEqual({ pci: "0000:18:00.0" });
  });
});

describe("log files", () => {
  it("are read once over restarts, and waited for without giving up (S0-63)", () => {
    for (const receiver of [kernel, renderNvidiaLog(["/var/log/nvidia-*.log"])])
      expect(receiver).toMatchObject({
        start_at: "beginning",
        storage: "file_storage",
        retry_on_failure: { enabled: true, max_elapsed_time: 0 },
      });
  });
});
