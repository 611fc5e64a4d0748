import type { Problem } from "../../components/core/errors.ts";
import type { Environment } from "./schema.ts";

/** What several copies of a backend need: a runtime that runs them, and a store that all of them reach. */
export function findReplicaProblems(environment: Environment, at: (path: string) => string): readonly Problem[] {
  const { tempo, loki, jaeger, grafana, runtime } = environment;
  const isShared = { tempo: tempo.storage.kind === "s3", loki: loki.storage.kind === "s3" };
  const backends: readonly Backend[] = [
    { name: "tempo", ...tempo, isShared: isShared.tempo, store: "tempo.storage: { kind: s3, endpoint: …, bucket: … }" },
    { name: "loki", ...loki, isShared: isShared.loki, store: "loki.storage: { kind: s3, endpoint: …, bucket: … }" },
    {
      name: "jaeger",
      ...jaeger,
      isShared: typeof jaeger.storage !== "string",
      store: "jaeger.storage: { kind: opensearch, urls: [https://…] }",
    },
    {
      name: "grafana",
      ...grafana,
      isShared: grafana.database !== undefined,
      store: "grafana.database: { address: …, user: …, password: <secret> }",
    },
  ];
  return backends
    .filter(({ enabled, replicas }) => enabled !== false && replicas > 1)
    .flatMap(({ name, replicas, isShared: shared, store }) => [
      ...(runtime === "kubernetes" ? [] : [onlyOnKubernetes(at(`${name}.replicas`), name, replicas, runtime)]),
      ...(shared ? [] : [needsStore(at(`${name}.replicas`), name, replicas, store)]),
    ]);
}

interface Backend {
  readonly name: string;
  readonly enabled: boolean | "if-available";
  readonly replicas: number;
  readonly isShared: boolean;
  readonly store: string;
}

function onlyOnKubernetes(path: string, name: string, replicas: number, runtime: string): Problem {
  return { path, expected: `1 with runtime ${runtime}`, got: String(replicas), fix: `set ${name}.replicas: 1` };
}

function needsStore(path: string, name: string, replicas: number, store: string): Problem {
  return {
    path,
    expected: "1 on a volume of its own: copies need a store that all of them reach",
    got: String(replicas),
    fix: `set ${name}.replicas: 1, or ${store}`,
  };
}
