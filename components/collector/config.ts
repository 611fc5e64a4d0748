/** Components by id. */
export type Components = Readonly<Record<string, object>>;

export interface PipelineConfig {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** A collector's configuration, in upstream field names. */
export interface CollectorConfig {
  readonly extensions: Components;
  readonly receivers: Components;
  readonly processors: Components;
  readonly exporters: Components;
  readonly connectors: Components;
  readonly service: {
    readonly extensions: readonly string[];
    readonly telemetry: object;
    /** By `signal/name`. */
    readonly pipelines: Readonly<Record<string, PipelineConfig>>;
  };
}

/** Name of the file (S2-37). */
export const CONFIG_FILE = "otel-collector-config.yaml";
