import { media, serviceGraph } from "../../components/signals/applications.ts";
import { countOf, promql, type Query, sumOf } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { Row } from "../library/dashboard.ts";
import type { Panel } from "../library/panel.ts";
import { metric, traces } from "../library/panel-query.ts";
import { OF_SERVICE, ON_ENVIRONMENT } from "../library/variables.ts";
import { calls } from "./expressions.ts";

const EDGE = "client, server";

/** Mean of a histogram of the service graph, per edge. */
function mean(histogram: SignalDefinition, matchers: string): Query {
  return promql`
    sum by (${EDGE}) (rate(${sumOf(histogram)}{${matchers}}[$__rate_interval]))
    / (sum by (${EDGE}) (rate(${countOf(histogram)}{${matchers}}[$__rate_interval])) > 0)`;
}

/** A call that waits for its answer: neither a message nor one whose caller or callee sends no spans. */
const CALL = 'connection_type=""';

export const betweenServices: Panel = {
  title: "Time between services",
  description:
    "What the caller waited longer than the callee worked: network, handshakes and queues of connections. A rise without one in the callee's own latency is a propagation delay.",
  kind: "timeseries",
  queries: [
    metric(promql`${mean(serviceGraph.client, CALL)} - ${mean(serviceGraph.server, CALL)}`, "{{client}} → {{server}}"),
  ],
  unit: "s",
  empty: "No service called another and waited for the answer.",
  width: 24,
};

const produced: Panel = {
  title: "Messages in and out",
  description: "Messages a second that services put into queues and took out of them. In above out: the queue grows.",
  kind: "timeseries",
  queries: [
    metric(calls(`${OF_SERVICE}, span_kind="SPAN_KIND_PRODUCER"`, "service_name"), "{{service_name}} in"),
    metric(calls(`${OF_SERVICE}, span_kind="SPAN_KIND_CONSUMER"`, "service_name"), "{{service_name}} out"),
  ],
  unit: "{message}/s",
  empty: "No message passed a queue.",
};

const wait: Panel = {
  title: "Queue wait, expected",
  description:
    "How long a job put in now waits, by Little's law: jobs that wait over jobs finished a second. Single waits, consumer start minus producer end, are in the traces below: span metrics hold no time between spans.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        sum by (service_name) (${media.pending}{${ON_ENVIRONMENT}})
        / (sum by (service_name) (rate(${media.jobs}{${ON_ENVIRONMENT}}[$__rate_interval])) > 0)`,
      "{{service_name}}",
    ),
  ],
  unit: "s",
  empty: "No queue says how many jobs wait in it, or none was finished.",
  min: 0,
};

const queued: Panel = {
  title: "Requests that passed a queue",
  description:
    "Traces in which a consumer follows a producer. In an open trace the gap between the two spans is the time in the queue.",
  kind: "traces",
  queries: [
    traces('{ kind = producer } >> { kind = consumer && resource.service.name =~ "$service_name" }', {
      absentWhile: "no message passed a queue",
    }),
  ],
  unit: "{text}",
  empty: "No message passed a queue.",
};

export const queueRows: readonly Row[] = [{ title: "Queues", panels: [produced, wait, queued] }];
