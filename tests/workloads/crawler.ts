import { type Carrier, outgoing, Service, SpanKind } from "./service.ts";

/** Crawler → queue → agent → database, with GPU scheduling and inference on the way (S0-05 to S0-07, S0-39 to S0-43). */
export async function crawler(url: string): Promise<string> {
  const services = {
    crawler: new Service("crawler", url),
    agent: new Service("agent-worker", url),
    api: new Service("article-db", url),
  };
  const latency = services.crawler.meter.createHistogram("crawler.request.duration", { unit: "s" });
  const queue: Carrier[] = [];
  let traceId = "";
  const baggage = { "article.id": "article-42", "job.id": "job-7" };
  await services.crawler.span(
    "crawl article",
    { kind: SpanKind.SERVER, baggage, attributes: { "http.route": "/crawl" } },
    async (span) => {
      traceId = span.spanContext().traceId;
      services.crawler.log("crawled article");
      await services.crawler.span(
        "articles publish",
        { kind: SpanKind.PRODUCER, attributes: { "messaging.system": "redis" } },
        () => {
          queue.push(outgoing());
        },
      );
      latency.record(0.12, { "http.route": "/crawl" });
    },
  );
  for (const from of queue) {
    await services.agent.span(
      "articles process",
      { kind: SpanKind.CONSUMER, from, attributes: { "messaging.system": "redis" } },
      async () => {
        await services.agent.span("gpu.schedule", { attributes: { "hw.id": "GPU-0" } }, () =>
          services.agent.log("scheduled on GPU-0"),
        );
        await services.agent.span(
          "model.inference",
          { attributes: { "gen_ai.request.model": "embedder" } },
          () => undefined,
        );
        await services.agent.span(
          "INSERT articles",
          { kind: SpanKind.CLIENT, attributes: { "db.system.name": "postgresql" } },
          () =>
            services.api.span("store article", { kind: SpanKind.SERVER, from: outgoing() }, () =>
              services.api.log("stored article"),
            ),
        );
        await services.agent.span("background refresh", {}, () => undefined);
      },
    );
  }
  for (const service of Object.values(services)) await service.close();
  return traceId;
}
