import type { Sdk } from "./sdk.ts";
import { type Carrier, outgoing, POSTGRES, SpanKind } from "./service.ts";

interface Message {
  readonly id: string;
  readonly petId: string;
  /** The field beside the payload that carries `traceparent` (S3-07). */
  readonly metadata: Carrier;
}

/** A stream as Redis has them: appended to, read in order. */
class Stream {
  private readonly messages: Message[] = [];

  add(petId: string, metadata: Carrier): string {
    const id = `${this.messages.length}-0`;
    this.messages.push({ id, petId, metadata });
    return id;
  }

  read(): readonly Message[] {
    return this.messages.splice(0);
  }
}

/** Media clustering: upload → stream → worker stages → Postgres, with its eight metrics (S3-08 to S3-22). */
export async function mediaClustering(sdk: Sdk): Promise<string> {
  const auth = sdk.service("auth-service");
  const worker = sdk.service("sploot-media-clustering");
  const { meter } = worker;
  const stream = new Stream();
  const versions = { cluster_version: "3", model_version: "1.4" };
  const duration = (name: string) => meter.createHistogram(name, { unit: "s" });
  let traceId = "";
  await auth.span("image upload", { kind: SpanKind.SERVER, attributes: { "http.route": "/images" } }, async (span) => {
    traceId = span.spanContext().traceId;
    await auth.span(
      "media jobs enqueue",
      { kind: SpanKind.PRODUCER, attributes: { "messaging.destination.name": "media:jobs" } },
      (producer) => {
        producer.setAttribute("messaging.message.id", stream.add("pet-1234", outgoing()));
      },
    );
  });
  for (const { id, petId, metadata } of stream.read()) {
    const labels = { pet_id: petId, ...versions };
    const attributes = { "messaging.destination.name": "media:jobs", "messaging.message.id": id, pet_id: petId };
    await worker.span("media jobs process", { kind: SpanKind.CONSUMER, from: metadata, attributes }, async () => {
      for (const stage of ["embed", "cluster", "hero selection"]) await worker.span(stage, {}, () => undefined);
      await worker.span("INSERT clusters", { kind: SpanKind.CLIENT, attributes: POSTGRES }, () => undefined);
      worker.log("clustered", { job_id: "job-9", pet_id: petId, module: "worker" });
    });
    meter.createCounter("media_cluster_jobs_total").add(1, { status: "succeeded", ...labels });
    duration("media_cluster_processing_duration_seconds").record(1.2, labels);
    duration("media_cluster_embedding_duration_seconds").record(0.7, labels);
    duration("media_cluster_postgres_write_seconds").record(0.05, labels);
    // This job went well: the series exist, and no alert fires over them.
    meter.createCounter("media_cluster_retries_total").add(0, labels);
    meter.createCounter("media_cluster_deadletter_total").add(0, labels);
  }
  // A queue and a worker belong to no pet.
  meter.createGauge("media_cluster_pending_jobs").record(0, versions);
  meter.createGauge("media_cluster_worker_inflight").record(1, versions);
  return traceId;
}
