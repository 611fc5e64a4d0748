/** A monitor in the provider's terms; thresholds are text there. */
export interface RenderedMonitor {
  /** Name of the resource; unique in an environment. */
  readonly key: string;
  readonly name: string;
  /** Cannot be changed once the monitor exists. */
  readonly type: "query alert" | "trace-analytics alert";
  readonly query: string;
  readonly message: string;
  /** `critical` is the number in the query, letter by letter. */
  readonly thresholds: { readonly critical: string; readonly criticalRecovery?: string };
  readonly tags: readonly string[];
  /** `1` wakes somebody, `5` informs. */
  readonly priority?: "1" | "2" | "3" | "4" | "5";
  /** Minutes without data after which it tells so. */
  readonly noDataMinutes?: number;
}
