import { type XidTier, xidsOfTier } from "../signals/xid.ts";
import { normalisePciBusId } from "./pci-bus-id.ts";
import { STORAGE } from "./render-shared.ts";

/** `<PRI>` of an rsyslog template, either timestamp form of kern.log, host, tag, message. */
const SYSLOG_LINE =
  "^(?:<(?P<pri>\\d{1,3})>)?(?P<ts>\\w{3}\\s+\\d+ [\\d:]{8}|\\d{4}-\\d{2}-\\d{2}T\\S+) (?P<host>\\S+) (?P<tag>[^:\\[ ]+)(?:\\[\\d+\\])?: (?P<message>.*)$";
const XID =
  "NVRM: Xid \\((?P<pci>(?:PCI:)?[0-9a-fA-F:.]+)\\): (?P<xid>\\d+)(?:, pid=(?P<pid>[^,]+), name=(?P<pname>[^,]+))?, (?P<msg>.*)$";
/** Xid 79 may come without its number. */
const FALLEN_OFF = "NVRM: GPU (?:at )?(?P<pci>[0-9a-fA-F:.]+): GPU has fallen off the bus";

/** Syslog severities, emerg to debug, in the words whose numbers S0-64 asks for (21, 19, 18, 17, 13, 10, 9, 5). */
const SYSLOG_SEVERITIES = { fatal: 0, error3: 1, error2: 2, error: 3, warn: 4, info2: 5, info: 6, debug: 7 };

/** What a line's tier is as a severity: an Xid line that asks for anything is at least an error (S0-64). */
const XID_SEVERITIES = { fatal: codesOf("critical"), error: codesOf("warning"), info: codesOf("info") };

function codesOf(tier: XidTier): readonly string[] {
  return xidsOfTier(tier).map(({ code }) => String(code));
}

/** Reads kernel messages: timestamp, severity, and of NVIDIA's driver the Xid, the PCI bus id and the process. */
export function renderKernelLog(include: readonly string[]): object {
  return { ...tail(include), resource: { "service.name": "kernel" }, operators: [...syslog(), ...xid(), ...traceId()] };
}

/** Reads the logs of NVIDIA's services line by line. */
export function renderNvidiaLog(include: readonly string[]): object {
  return { ...tail(include), resource: { "service.name": "nvidia" }, operators: traceId() };
}

/**
 * From the beginning, with the place remembered on disk: a line is read once, over restarts and rotations,
 * and what the kernel wrote before the first start is not lost.
 */
function tail(include: readonly string[]): object {
  return {
    include,
    start_at: "beginning",
    storage: STORAGE,
    include_file_path: true,
    retry_on_failure: { enabled: true, max_elapsed_time: 0 },
  };
}

function syslog(): readonly object[] {
  const time = (pattern: string, layout: string, location?: string) => ({
    type: "time_parser",
    if: `attributes.sys?.ts matches "${pattern}"`,
    parse_from: "attributes.sys.ts",
    layout_type: "gotime",
    layout,
    on_error: "send_quiet",
    ...(location === undefined ? {} : { location }),
  });
  return [
    { type: "regex_parser", regex: SYSLOG_LINE, parse_to: "attributes.sys", on_error: "send_quiet" },
    time("^\\\\d{4}-", "2006-01-02T15:04:05.999999Z07:00"),
    time("^[A-Z]", "Jan _2 15:04:05", "Local"),
    {
      type: "add",
      if: 'attributes.sys?.pri != nil && attributes.sys.pri != ""',
      field: "attributes.level",
      value: "EXPR(int(attributes.sys.pri) % 8)",
    },
    {
      type: "severity_parser",
      if: "attributes.level != nil",
      parse_from: "attributes.level",
      preset: "none",
      overwrite_text: true,
      mapping: SYSLOG_SEVERITIES,
    },
    { type: "remove", if: "attributes.level != nil", field: "attributes.level" },
    move("attributes.sys?.tag != nil", "attributes.sys.tag", 'attributes["log.syslog.appname"]'),
    { type: "remove", if: "attributes.sys != nil", field: "attributes.sys" },
  ];
}

function xid(): readonly object[] {
  return [
    {
      type: "regex_parser",
      if: 'body matches "NVRM: Xid"',
      regex: XID,
      parse_to: "attributes.nvidia",
      on_error: "send_quiet",
    },
    {
      type: "regex_parser",
      if: 'body matches "NVRM: GPU .*fallen off the bus"',
      regex: FALLEN_OFF,
      parse_to: "attributes.nvidia",
      on_error: "send_quiet",
    },
    {
      type: "add",
      if: 'body matches "NVRM: GPU .*fallen off the bus" && attributes.nvidia != nil',
      field: "attributes.nvidia.xid",
      value: "79",
    },
    {
      type: "severity_parser",
      if: "attributes.nvidia?.xid != nil",
      parse_from: "attributes.nvidia.xid",
      preset: "none",
      overwrite_text: true,
      mapping: XID_SEVERITIES,
      on_error: "send_quiet",
    },
    move("attributes.nvidia?.xid != nil", "attributes.nvidia.xid", 'attributes["nvidia.xid"]'),
    move("attributes.nvidia?.pci != nil", "attributes.nvidia.pci", 'attributes["nvidia.pci_bus_id"]'),
    // A group that did not match is "", not absent.
    move('(attributes.nvidia?.pid ?? "") matches "^[0-9]+$"', "attributes.nvidia.pid", 'attributes["process.pid"]'),
    // The driver says `<unknown>` when it knows no process.
    move(
      '(attributes.nvidia?.pname ?? "") not in ["", "<unknown>"]',
      "attributes.nvidia.pname",
      'attributes["process.executable.name"]',
    ),
    { type: "remove", if: "attributes.nvidia != nil", field: "attributes.nvidia" },
  ];
}

/** A line that names its trace is tied to it (S0-12). */
function traceId(): readonly object[] {
  return [
    {
      type: "regex_parser",
      if: 'body matches "trace_id=[0-9a-f]{32}"',
      regex: "trace_id=(?P<trace_id>[0-9a-f]{32})",
      parse_to: "attributes.trace",
      on_error: "send_quiet",
    },
    {
      type: "trace_parser",
      if: "attributes.trace?.trace_id != nil",
      trace_id: { parse_from: "attributes.trace.trace_id" },
    },
    { type: "remove", if: "attributes.trace != nil", field: "attributes.trace" },
  ];
}

function move(condition: string, from: string, to: string): object {
  return { type: "move", if: condition, from, to };
}

/**
 * What the operators cannot say. A code that is not in the table leaves the parser with its number as SeverityText and
 * no SeverityNumber, and kern.log in rsyslog's traditional format has no priority (S0-64): a driver's error line is an
 * error, an unknown Xid too, and any other line is information. Then the PCI bus id gets its one spelling.
 */
export const KERNEL_LINES = {
  error_mode: "ignore",
  log_statements: [
    {
      context: "log",
      conditions: [
        'resource.attributes["service.name"] == "kernel" or resource.attributes["service.name"] == "nvidia"',
      ],
      statements: [
        'set(severity_text, "") where severity_number == SEVERITY_NUMBER_UNSPECIFIED',
        'set(severity_number, SEVERITY_NUMBER_ERROR) where severity_number == SEVERITY_NUMBER_UNSPECIFIED and IsMatch(body, "(?i)NVRM: .*(xid|error|fail|fallen)|(?i)\\\\berror\\\\b")',
        "set(severity_number, SEVERITY_NUMBER_INFO) where severity_number == SEVERITY_NUMBER_UNSPECIFIED",
        'set(severity_text, "ERROR") where severity_number == SEVERITY_NUMBER_ERROR and severity_text == ""',
        'set(severity_text, "INFO") where severity_number == SEVERITY_NUMBER_INFO and severity_text == ""',
        ...normalisePciBusId("nvidia.pci_bus_id"),
      ],
    },
  ],
} as const;
