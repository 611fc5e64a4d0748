import { toYaml } from "../core/yaml.ts";
import type { DatadogSite } from "./settings.ts";

export interface DatadogAgentSettings {
  readonly site: DatadogSite;
  /** Port of OTLP/gRPC; another one where a collector of the same host has it (C-08). @default 4317 */
  readonly grpcPort?: number;
  /** Port of OTLP/HTTP; another one where a collector of the same host has it (C-08). @default 4318 */
  readonly httpPort?: number;
}

/**
 * `datadog.yaml` of an Agent that gateways may send to (S1-34): receives OTLP, takes logs, and makes tags of resource
 * attributes, which monitors group by. The key is not in it: `DD_API_KEY`.
 */
export function renderDatadogAgent({ site, grpcPort = 4317, httpPort = 4318 }: DatadogAgentSettings): string {
  return toYaml({
    site,
    logs_enabled: true,
    otlp_config: {
      receiver: {
        protocols: { grpc: { endpoint: `0.0.0.0:${grpcPort}` }, http: { endpoint: `0.0.0.0:${httpPort}` } },
      },
      logs: { enabled: true },
      metrics: { resource_attributes_as_tags: true },
    },
  });
}
