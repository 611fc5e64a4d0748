import type { ClickHouseStore, SearchStore } from "../../../components/jaeger/settings.ts";
import type { ObjectStorage } from "../../../components/runtime/object-storage.ts";
import type { Placement } from "../../../components/runtime/placement.ts";
import { CONTAINER_PATHS } from "../../../components/runtime/workload.ts";

/** The start of a certificate: enough for what only writes it down. */
export const AUTHORITY = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

export const S3: ObjectStorage = {
  kind: "s3",
  endpoint: "objects.example.org:9000",
  bucket: "blocks",
  region: "eu-north-1",
  credentials: "objectStoreCredentials",
};
export const OPENSEARCH: SearchStore = {
  kind: "opensearch",
  urls: ["https://search-1.example.org:9200", "https://search-2.example.org:9200"],
  user: "jaeger",
  password: "searchPassword",
  indexPrefix: "gpu",
  indexReplicas: 2,
};
export const CLICKHOUSE: ClickHouseStore = {
  kind: "clickhouse",
  addresses: ["clickhouse.example.org:9000"],
  database: "jaeger",
  user: "jaeger",
  password: "clickhousePassword",
};

/** A set of equal copies, as Kubernetes runs them. */
export function placeSet<Port extends string>(
  name: string,
  ports: Readonly<Record<Port, number>>,
  replicas: number,
): Placement<Port> {
  const dial = `${name}.gpu-observability.svc`;
  return {
    name,
    nameVariable: "POD_NAME",
    replicas,
    bind: "0.0.0.0",
    dial,
    ports,
    paths: CONTAINER_PATHS,
    certificateNames: [name, dial, `*.${dial}`],
    memoryMiB: 512,
  };
}
