import { randomBytes } from "node:crypto";

export const SPANS_PER_TRACE = 8;

const MODELS = ["llama-70b", "mixtral-8x7b", "whisper-large", "clip-vit"] as const;

/** An OTLP/JSON request of traces as an inference service writes them: eight spans each, six attributes a span. */
export function toSpanRequest(spans: number): string {
  const traces = Array.from({ length: Math.ceil(spans / SPANS_PER_TRACE) }, () => toTrace());
  const resource = {
    attributes: [
      text("service.name", "bench-inference"),
      text("service.namespace", "bench"),
      text("deployment.environment.name", "local"),
      text("host.name", "gpu-1"),
      text("telemetry.sdk.language", "python"),
      text("telemetry.sdk.version", "1.39.0"),
    ],
  };
  const scope = { name: "bench", version: "1.0.0" };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope, spans: traces.flat() }] }] });
}

function toTrace(): object[] {
  const traceId = randomBytes(16).toString("hex");
  const root = randomBytes(8).toString("hex");
  const start = Date.now();
  return Array.from({ length: SPANS_PER_TRACE }, (_, index) => ({
    traceId,
    spanId: index === 0 ? root : randomBytes(8).toString("hex"),
    ...(index === 0 ? {} : { parentSpanId: root }),
    name: index === 0 ? "POST /v1/infer" : `inference step ${index}`,
    kind: index === 0 ? 2 : 1,
    startTimeUnixNano: `${start}000000`,
    endTimeUnixNano: `${start + 1 + Math.floor(Math.random() * 50)}000000`,
    attributes: [
      text("http.route", "/v1/infer"),
      text("http.request.method", "POST"),
      { key: "http.response.status_code", value: { intValue: "200" } },
      text("gen_ai.request.model", MODELS[Math.floor(Math.random() * MODELS.length)] ?? MODELS[0]),
      text("hw.id", `GPU-${Math.floor(Math.random() * 8)}`),
      text("request.id", randomBytes(8).toString("hex")),
    ],
    status: {},
  }));
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}
