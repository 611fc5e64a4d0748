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
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

export { SpanKind };

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

/** One service of a workload: the OpenTelemetry SDK with a `service.name`, sending OTLP over gRPC to the host's agent. */
export class Service {
  readonly meter: Meter;
  private readonly tracer: Tracer;
  private readonly logger: Logger;
  private readonly providers: readonly [NodeTracerProvider, MeterProvider, LoggerProvider];

  constructor(name: string, url: string) {
    const resource = resourceFromAttributes({ "service.name": name });
    const traces = new NodeTracerProvider({
      resource,
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
    });
    const reader = new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url }),
      exportIntervalMillis: 60_000,
    });
    const metrics = new MeterProvider({ resource, readers: [reader] });
    const logs = new LoggerProvider({
      resource,
      processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url }) })],
    });
    // The first registers context and W3C propagation for the process; later calls change nothing.
    traces.register();
    this.tracer = traces.getTracer("workload");
    this.meter = metrics.getMeter("workload");
    this.logger = logs.getLogger("workload");
    this.providers = [traces, metrics, logs];
  }

  /** Runs a step inside a span; an error marks the span and goes on. */
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

  async close(): Promise<void> {
    for (const provider of this.providers) {
      await provider.forceFlush();
      await provider.shutdown();
    }
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
