import { toLabelName } from "./signal.ts";

/** One field of a stored log line. */
export interface LogField {
  /** Attribute as it is sent. */
  readonly name: string;
  /** `stream` labels select lines in braces; `metadata` comes with a line and filters behind a `|`. */
  readonly kind: "stream" | "metadata";
  /** What it tells, in one sentence. */
  readonly help: string;
  /** Why a line may lack it; absent when every line has it. */
  readonly absentWhile?: string;
}

const stream = (name: string, help: string): LogField => ({ name, kind: "stream", help });
const metadata = (name: string, help: string, absentWhile?: string): LogField => ({
  name,
  kind: "metadata",
  help,
  ...(absentWhile === undefined ? {} : { absentWhile }),
});

const NO_AUDIT = "the line is no audit event";

/** Every field that rules, panels and links may name; Loki keeps resource attributes as stream labels. */
export const log = {
  service: stream("service.name", "Who wrote the line; `kernel` for the kernel log."),
  host: stream("host.name", "Host the line was written on."),
  environment: stream("deployment.environment.name", "Environment of the host."),
  instance: stream("service.instance.id", "Instance of the service."),
  level: metadata("detected_level", "Severity in lower case, as Loki reads it: `info`, `warn`, `error`, `fatal`."),
  severity: metadata("severity_text", "Severity as the sender wrote it."),
  traceId: metadata("trace_id", "Trace the line belongs to.", "the line was written outside a trace"),
  spanId: metadata("span_id", "Span the line belongs to.", "the line was written outside a trace"),
  xid: metadata("nvidia.xid", "Xid code of NVIDIA's driver.", "the line is no Xid"),
  pciBusId: metadata("nvidia.pci_bus_id", "PCI address of the GPU, as the driver wrote it.", "the line is no Xid"),
  process: metadata("process.executable.name", "Program the Xid happened to.", "the driver knows no process"),
  processId: metadata("process.pid", "Process the Xid happened to.", "the driver knows no process"),
  program: metadata("log.syslog.appname", "Program that wrote to the system log.", "the line is not from a system log"),
  auditActor: metadata("audit.actor", "Who did it: a user or a service account.", NO_AUDIT),
  auditAction: metadata("audit.action", "What was done, such as `model.deploy`; only audit events have it.", NO_AUDIT),
  auditObject: metadata("audit.object", "What it was done to: a model, data set or plugin.", NO_AUDIT),
  auditOutcome: metadata("audit.outcome", "`done` or `refused`.", NO_AUDIT),
} as const satisfies Readonly<Record<string, LogField>>;

/** A LogQL expression and the fields it reads. */
export interface LogQuery {
  readonly text: string;
  readonly fields: readonly LogField[];
}

/** LogQL as a template literal: a field stands for its label in Loki, so a field nobody defined does not compile. */
export function logql(strings: TemplateStringsArray, ...values: readonly (LogField | LogQuery | string)[]): LogQuery {
  const fields = new Set<LogField>();
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    if (typeof value === "string") text += value;
    else if ("text" in value) {
      text += value.text;
      value.fields.forEach((field) => fields.add(field));
    } else {
      text += toLabelName(value.name);
      fields.add(value);
    }
    text += strings[index + 1] ?? "";
  });
  return { text: text.trim().replaceAll(/\s*\n\s*/g, " "), fields: [...fields] };
}
