import { type Dispatcher, fetch } from "undici";

/** One series of an answer. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Of a range query the last value. */
  readonly value: number;
}

interface Answer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: {
    readonly result?: readonly {
      readonly metric?: Record<string, string>;
      readonly stream?: Record<string, string>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number | string, string])[];
    }[];
  };
}

/** Asks the backends of an environment that is up, as its operator. */
export class Backends {
  private readonly loopback: string;
  private readonly dispatcher: Dispatcher;

  constructor(loopback: string, dispatcher: Dispatcher) {
    this.loopback = loopback;
    this.dispatcher = dispatcher;
  }

  /** PromQL now, or at a moment (Unix seconds), on one of the replicas. */
  prometheus(query: string, { replica = 1, at = Date.now() / 1000 } = {}): Promise<readonly Sample[]> {
    return this.samples(`${this.loopback}.${replica}:9090/api/v1/query?time=${at}&query=${encodeURIComponent(query)}`);
  }

  /** LogQL over the last minutes: lines, or the series of a metric query. */
  loki(query: string, minutes = 30): Promise<readonly Sample[]> {
    const start = `${Math.floor(Date.now() - minutes * 60_000)}000000`;
    const range = `start=${start}&limit=100&step=30`;
    return this.samples(`${this.loopback}.1:3100/loki/api/v1/query_range?${range}&query=${encodeURIComponent(query)}`);
  }

  /** Ids of traces a TraceQL query finds. */
  async tempo(query: string): Promise<readonly string[]> {
    const now = Math.floor(Date.now() / 1000);
    const range = `start=${now - 1800}&end=${now}&limit=20`;
    const answer = (await this.get(`${this.loopback}.1:3200/api/search?${range}&q=${encodeURIComponent(query)}`)) as {
      traces?: readonly { traceID: string }[];
    };
    return (answer.traces ?? []).map(({ traceID }) => traceID);
  }

  /** Alerts one Alertmanager knows. */
  async alerts(replica: number): Promise<readonly { labels: Record<string, string>; status: { state: string } }[]> {
    const alerts = await this.get(`${this.loopback}.${replica}:9093/api/v2/alerts`);
    return alerts as readonly { labels: Record<string, string>; status: { state: string } }[];
  }

  private async samples(path: string): Promise<readonly Sample[]> {
    const { data, error } = (await this.get(path)) as Answer;
    if (error !== undefined) throw new Error(error);
    return (data?.result ?? []).map(({ metric, stream, value, values }) => ({
      labels: metric ?? stream ?? {},
      value: Number((value ?? values?.at(-1))?.[1]),
    }));
  }

  private async get(path: string): Promise<unknown> {
    const response = await fetch(`https://${path}`, {
      dispatcher: this.dispatcher,
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(20_000),
    });
    const body = await response.text();
    try {
      return JSON.parse(body) as unknown;
    } catch {
      throw new Error(`${response.status} ${body.slice(0, 300)}`);
    }
  }
}
