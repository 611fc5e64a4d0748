import { COLLECTOR, type Downgrade, edit, editContainer, editFile, editPod, type Json } from "./downgrade.ts";

const gateway = (change: (tree: Json) => void) => editFile("gateway", COLLECTOR, change);
const agent = (change: (tree: Json) => void) => editFile("gpu-nodes-agent", COLLECTOR, change);

const MEMORY = "collector-memory-limiter-first";
const QUEUE = "collector-persistent-queue";
const SIZES = "collector-queues-fit";
const BATCH = "collector-batch-in-queue";
const SAMPLING = "sampling-owned-once";
const SERIES = "one-path-per-series";

/** What somebody may do to an agent or gateway. */
export const COLLECTOR_DOWNGRADES: readonly Downgrade[] = [
  {
    name: "a gateway whose metrics pipeline has no memory_limiter",
    rule: MEMORY,
    says: "pipeline metrics: its first processor is transform/conventions",
    apply: gateway((tree) => tree.service.pipelines.metrics.processors.shift()),
  },
  {
    name: "an agent that limits memory after it has worked",
    rule: MEMORY,
    says: "pipeline logs: its first processor is",
    apply: agent((tree) => tree.service.pipelines.logs.processors.reverse()),
  },
  {
    name: "a memory_limiter above the container's limit",
    rule: MEMORY,
    says: "refuses from 4096 MiB on, the kernel kills at 2048 MiB",
    apply: gateway((tree) => (tree.processors.memory_limiter.limit_mib = 4096)),
  },
  {
    name: "a memory_limiter that never looks",
    rule: MEMORY,
    says: "has no check_interval",
    apply: gateway((tree) => delete tree.processors.memory_limiter.check_interval),
  },
  {
    name: "a gateway that refuses for garbage that Go has not collected yet",
    rule: MEMORY,
    says: "refuses from 1229 MiB on, Go lets garbage grow to 1638 MiB",
    apply: editContainer("StatefulSet gateway", (container) => {
      container.env.find(({ name }: Json) => name === "GOMEMLIMIT").value = "1638MiB";
    }),
  },
  {
    name: "a queue in memory",
    rule: QUEUE,
    says: "exporter otlp_http/loki: its queue is in memory",
    apply: gateway((tree) => delete tree.exporters["otlp_http/loki"].sending_queue.storage),
  },
  {
    name: "an exporter without a queue",
    rule: QUEUE,
    says: "exporter otlp_grpc/tempo: has no queue",
    apply: gateway((tree) => delete tree.exporters["otlp_grpc/tempo"].sending_queue),
  },
  {
    name: "a queue whose storage is not started",
    rule: QUEUE,
    says: "its storage file_storage is not started",
    apply: gateway((tree) => tree.service.extensions.splice(tree.service.extensions.indexOf("file_storage"), 1)),
  },
  {
    name: "an exporter that gives up after five minutes",
    rule: QUEUE,
    says: "gives up after retry_on_failure.max_elapsed_time",
    apply: gateway((tree) => (tree.exporters["otlp_grpc/jaeger"].retry_on_failure.max_elapsed_time = "5m")),
  },
  {
    name: "an exporter that does not retry",
    rule: QUEUE,
    says: "does not retry",
    apply: gateway((tree) => (tree.exporters["otlp_grpc/jaeger"].retry_on_failure.enabled = false)),
  },
  {
    name: "a queue on a disk that goes with the pod",
    rule: QUEUE,
    says: "is lost with the container",
    apply: editPod("DaemonSet gpu-nodes-agent", (spec) => {
      const volume = spec.volumes.find(({ name }: Json) => name === "data-queue");
      delete volume.hostPath;
      volume.emptyDir = {};
    }),
  },
  {
    name: "remote write without a log to write ahead",
    rule: QUEUE,
    says: "has no wal",
    apply: gateway((tree) => {
      tree.exporters["prometheusremotewrite/other"] = { endpoint: "https://other.internal/api/v1/push", tls: {} };
      tree.service.pipelines.metrics.exporters.push("prometheusremotewrite/other");
    }),
  },
  {
    // What every stack had until the sizes were planned in one place.
    name: "queues that are larger together than their volume",
    rule: SIZES,
    says: "StatefulSet gpu-observability/gateway: its queues may hold 14928 MiB on a volume of 10240 MiB",
    apply: gateway((tree) => {
      for (const [id, exporter] of Object.entries<Json>(tree.exporters)) {
        exporter.sending_queue.queue_size = (id.includes("peer") ? 640 : 1706) * 1024 * 1024;
      }
    }),
  },
  {
    name: "a volume that is smaller than its queues",
    rule: SIZES,
    says: "its queues may hold 9216 MiB on a volume of 8192 MiB",
    apply: edit("StatefulSet gateway", (props) => {
      props.spec.volumeClaimTemplates[0].spec.resources.requests.storage = "8Gi";
    }),
  },
  {
    name: "a queue that counts requests",
    rule: SIZES,
    says: "otlp_http/loki: its queue is not limited in bytes",
    apply: gateway((tree) => (tree.exporters["otlp_http/loki"].sending_queue.sizer = "requests")),
  },
  {
    name: "a batch processor in front of the queue",
    rule: BATCH,
    says: "pipeline logs: batch/early holds data that no queue has yet",
    apply: gateway((tree) => {
      tree.processors["batch/early"] = {};
      tree.service.pipelines.logs.processors.push("batch/early");
    }),
  },
  {
    name: "a queue that sends one request for each it took",
    rule: BATCH,
    says: "exporter otlp_http/loki: its queue makes no batches",
    apply: gateway((tree) => delete tree.exporters["otlp_http/loki"].sending_queue.batch),
  },
  {
    name: "an agent that hands traces over one by one",
    rule: BATCH,
    says: "its queue makes no batches",
    apply: agent((tree) => {
      for (const exporter of Object.values(tree.exporters) as Json[]) delete exporter.sending_queue?.batch;
    }),
  },
  {
    name: "an agent that samples",
    rule: SAMPLING,
    says: "an agent samples",
    apply: agent((tree) => {
      tree.processors.probabilistic_sampler = { sampling_percentage: 10 };
      tree.service.pipelines.traces.processors.push("probabilistic_sampler");
    }),
  },
  {
    name: "a gateway that samples twice",
    rule: SAMPLING,
    says: "processor probabilistic_sampler: samples a second time",
    apply: gateway((tree) => {
      tree.processors.probabilistic_sampler = { sampling_percentage: 10 };
      tree.service.pipelines["traces/sampled"].processors.push("probabilistic_sampler");
    }),
  },
  {
    name: "span metrics of sampled traces",
    rule: SAMPLING,
    says: "counts spans after sampling",
    apply: gateway((tree) => tree.service.pipelines["traces/sampled"].exporters.push("spanmetrics")),
  },
  {
    name: "a program whose SDK samples",
    rule: SAMPLING,
    says: "parentbased_traceidratio samples before the gateways do",
    apply: editContainer("StatefulSet grafana", (container) =>
      container.env.push({ name: "OTEL_TRACES_SAMPLER", value: "parentbased_traceidratio" }),
    ),
  },
  {
    name: "metrics both pushed and offered to be fetched",
    rule: SERIES,
    says: "exporter prometheus: offers what otlp_http/prometheus-0 sends already",
    apply: gateway((tree) => {
      const { tls } = tree.receivers.otlp.protocols.grpc;
      tree.exporters.prometheus = { endpoint: "0.0.0.0:8890", tls };
      tree.service.pipelines.metrics.exporters.push("prometheus");
    }),
  },
  {
    name: "a Prometheus that is sent the same twice",
    rule: SERIES,
    says: "exporter otlp_http/again: sends to",
    apply: gateway((tree) => {
      tree.exporters["otlp_http/again"] = tree.exporters["otlp_http/prometheus-0"];
      tree.service.pipelines.metrics.exporters.push("otlp_http/again");
    }),
  },
  {
    name: "a Prometheus that fetches GPU readings beside the agents",
    rule: SERIES,
    says: "job gpus: fetches gpu-1.internal:9400, which an agent fetches already",
    apply: editFile("prometheus", "prometheus.yml", (tree) =>
      tree.scrape_configs.push({ job_name: "gpus", static_configs: [{ targets: ["gpu-1.internal:9400"] }] }),
    ),
  },
];
