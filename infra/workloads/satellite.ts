import type { Sdk } from "./sdk.ts";
import { outgoing, SpanKind } from "./service.ts";

/** Satellite's agent deploys a model and calls its model server (S2-22 to S2-27). */
export async function satellite(sdk: Sdk): Promise<string> {
  const agent = sdk.service("satellite-agent");
  const modelServer = sdk.service("satellite-model-server");
  let traceId = "";
  await agent.span(
    "POST /deployments",
    { kind: SpanKind.SERVER, attributes: { "http.route": "/deployments" } },
    async (span) => {
      traceId = span.spanContext().traceId;
      await agent.span("deployment.create", { attributes: { "deployment.id": "deployment-1" } }, async (deployment) => {
        deployment.addEvent("container.create");
        deployment.addEvent("container.start");
      });
      await agent.span("GET", { kind: SpanKind.CLIENT, attributes: { "http.request.method": "GET" } }, () =>
        modelServer.span(
          "GET /healthz",
          { kind: SpanKind.SERVER, from: outgoing(), attributes: { "http.route": "/healthz" } },
          () => undefined,
        ),
      );
      await agent.span("POST", { kind: SpanKind.CLIENT, attributes: { "http.request.method": "POST" } }, () =>
        modelServer.span(
          "POST /compute",
          { kind: SpanKind.SERVER, from: outgoing(), attributes: { "http.route": "/compute" } },
          () => modelServer.span("model.compute", {}, () => modelServer.log("computed")),
        ),
      );
    },
  );
  agent.meter.createCounter("my_counter").add(1, { label: "value" });
  return traceId;
}
