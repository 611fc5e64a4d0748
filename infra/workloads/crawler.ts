import type { Sdk } from "./sdk.ts";
import { type Carrier, outgoing, POSTGRES, type Service, type SpanOptions, SpanKind } from "./service.ts";

/** Crawler → queue → agent → database, with GPU scheduling and inference on the way (S0-05 to S0-07, S0-39 to S0-43). */
export async function crawler(sdk: Sdk): Promise<string> {
  const [crawling, agent, database] = [sdk.service("crawler"), sdk.service("agent-worker"), sdk.service("article-db")];
  const latency = crawling.meter.createHistogram("crawler.request.duration", { unit: "s" });
  const queue: Carrier[] = [];
  const baggage = { "article.id": "article-42", "job.id": "job-7" };
  const crawl = { kind: SpanKind.SERVER, baggage, attributes: { "http.route": "/crawl" } };
  const traceId = await step(crawling, "crawl article", crawl, async (id) => {
    const publish = { kind: SpanKind.PRODUCER, attributes: { "messaging.system": "redis" } };
    await step(crawling, "articles publish", publish, () => queue.push(outgoing()));
    latency.record(0.12, { "http.route": "/crawl" });
    return id;
  });
  for (const from of queue) {
    const receive = { kind: SpanKind.CONSUMER, from, attributes: { "messaging.system": "redis" } };
    await step(agent, "articles process", receive, async () => {
      await step(agent, "gpu.schedule", { attributes: { "hw.id": "GPU-0" } });
      await step(agent, "model.inference", { attributes: { "gen_ai.request.model": "embedder" } });
      await step(agent, "INSERT articles", { kind: SpanKind.CLIENT, attributes: POSTGRES }, () =>
        step(database, "store article", { kind: SpanKind.SERVER, from: outgoing() }),
      );
      await step(agent, "background refresh", {});
    });
  }
  return traceId;
}

/** A span and a log record of the same name within it; gives what `run` gives, which is told the trace id. */
function step<T>(
  service: Service,
  name: string,
  options: SpanOptions,
  run: (traceId: string) => Promise<T> | T = () => undefined as T,
): Promise<T> {
  return service.span(name, options, (span) => {
    service.log(name);
    return run(span.spanContext().traceId);
  });
}
