import {
  type Attributes,
  context,
  type Meter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { type Logger, SeverityNumber } from "@opentelemetry/api-logs";
export { SpanKind };

/** The database as S0-41 and S3-11 name it, and as today's semantic conventions do. */
export const POSTGRES = { "db.system": "postgresql", "db.system.name": "postgresql" } as const;

/** What travels beside a request or a queue message: `traceparent` and `baggage` (S0-38, S0-43, S3-07). */
export type Carrier = Record<string, string>;

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Context that came with a request or message; else the active one. */
  readonly from?: Carrier;
  /** Baggage set for everything below, as span attributes too: baggage does not become attributes by itself. */
  readonly baggage?: Readonly<Record<string, string>>;
}

/** One service of a workload: what it records carries its `service.name`. */
export class Service {
  readonly meter: Meter;
  private readonly tracer: Tracer;
  private readonly logger: Logger;

  constructor(tracer: Tracer, meter: Meter, logger: Logger) {
    this.tracer = tracer;
    this.meter = meter;
    this.logger = logger;
  }

  /** Runs a step inside a span; an error marks the span and is thrown on. */
  async span<T>(name: string, options: SpanOptions, run: (span: Span) => Promise<T> | T): Promise<T> {
    const { kind = SpanKind.INTERNAL, attributes = {}, from, baggage } = options;
    const received = from === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, from);
    const parent =
      baggage === undefined
        ? received
        : propagation.setBaggage(received, propagation.createBaggage(mapValues(baggage)));
    const span = this.tracer.startSpan(name, { kind, attributes: { ...attributes, ...carried(parent) } }, parent);
    return context.with(trace.setSpan(parent, span), async () => {
      try {
        return await run(span);
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** A log record tied to the active span, with what the baggage carries. */
  log(body: string, attributes: Readonly<Record<string, string>> = {}): void {
    const active = context.active();
    this.logger.emit({
      body,
      severityNumber: SeverityNumber.INFO,
      severityText: "INFO",
      context: active,
      attributes: { ...attributes, ...carried(active) },
    });
  }
}

/** What to send along with a request or message. */
export function outgoing(): Carrier {
  const carrier: Carrier = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

function carried(from: typeof ROOT_CONTEXT): Record<string, string> {
  return Object.fromEntries(
    (propagation.getBaggage(from)?.getAllEntries() ?? []).map(([key, { value }]) => [key, value]),
  );
}

function mapValues(baggage: Readonly<Record<string, string>>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(baggage).map(([key, value]) => [key, { value }]));
}
