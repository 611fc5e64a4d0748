import { diag, DiagLogLevel } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { Service } from "./service.ts";

const SCOPE = "workload";
const SUCCESS = 0;

interface Provider {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** What one flush came to. */
export interface Flushed {
  /** Names of the metrics the agent took, sorted. */
  readonly metrics: readonly string[];
  /** Why exports failed, were refused in part, or dropped something; empty when the agent took everything. */
  readonly failures: readonly string[];
}

/** The services of one process: each has its own `service.name`, all send OTLP over gRPC to the host's agent. */
export class Sdk {
  private readonly url: string;
  private readonly services = new Map<string, Service>();
  private readonly providers: Provider[] = [];
  private readonly metrics = new Set<string>();
  private readonly failures = new Set<string>();

  constructor(url: string) {
    this.url = url;
    const report = (message: string, ...details: unknown[]) => {
      this.failures.add([reasonOf(message), ...details.map(String)].join(" "));
    };
    const ignore = () => undefined;
    // The SDK swallows a failed export of metrics or logs, and a partial success of any signal: it only tells its own log.
    diag.setLogger(
      { error: report, warn: report, info: ignore, debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
  }

  /** The service of that name. It lives as long as the process: a counter that starts again shows no increase. */
  service(name: string): Service {
    const known = this.services.get(name);
    if (known !== undefined) return known;
    const { url } = this;
    const resource = resourceFromAttributes({ "service.name": name });
    const traces = new NodeTracerProvider({
      resource,
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
    });
    const exporter = new RememberingExporter(url, this.metrics);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
    const metrics = new MeterProvider({ resource, readers: [reader] });
    const processor = new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url }) });
    const logs = new LoggerProvider({ resource, processors: [processor] });
    // Once a process: context and W3C propagation are global, and a second registration is an error.
    if (this.providers.length === 0) traces.register();
    this.providers.push(traces, metrics, logs);
    const service = new Service(traces.getTracer(SCOPE), metrics.getMeter(SCOPE), logs.getLogger(SCOPE));
    this.services.set(name, service);
    return service;
  }

  /** Sends everything recorded so far. */
  async flush(): Promise<Flushed> {
    await this.forAll((provider) => provider.forceFlush());
    const flushed = { metrics: [...this.metrics].sort(), failures: [...this.failures] };
    this.metrics.clear();
    this.failures.clear();
    return flushed;
  }

  /** Ends every exporter; gives why one failed to. */
  async close(): Promise<readonly string[]> {
    await this.forAll((provider) => provider.shutdown());
    return [...this.failures];
  }

  private async forAll(act: (provider: Provider) => Promise<void>): Promise<void> {
    for (const outcome of await Promise.allSettled(this.providers.map(act))) {
      if (outcome.status === "rejected") this.failures.add([outcome.reason].flat().map(String).join("; "));
    }
  }
}

/** Remembers the names of the metrics that were taken. */
class RememberingExporter extends OTLPMetricExporter {
  private readonly taken: Set<string>;

  constructor(url: string, taken: Set<string>) {
    super({ url });
    this.taken = taken;
  }

  override export(batch: ResourceMetrics, done: Parameters<OTLPMetricExporter["export"]>[1]): void {
    super.export(batch, (result) => {
      const names = batch.scopeMetrics.flatMap(({ metrics }) => metrics.map(({ descriptor }) => descriptor.name));
      if (result.code === SUCCESS) for (const name of names) this.taken.add(name);
      done(result);
    });
  }
}

/** The SDK logs an error as JSON with its stack; the message alone says what happened. */
function reasonOf(logged: string): string {
  try {
    return (JSON.parse(logged) as { message?: string }).message ?? logged;
  } catch {
    return logged;
  }
}
