/** A Prometheus rule file. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly object[] }[];
}

/** The first rules: that alerting works at all, and that the platform's own programs answer. */
export const PLATFORM_RULES: RuleFile = {
  groups: [
    {
      name: "platform",
      rules: [
        {
          alert: "Watchdog",
          expr: "vector(1)",
          labels: { severity: "info" },
          annotations: { summary: "Always firing: its absence means that alerting is broken." },
        },
        {
          alert: "TargetDown",
          expr: "up == 0",
          for: "2m",
          labels: { severity: "warning" },
          annotations: { summary: "{{ $labels.job }} on {{ $labels.instance }} does not answer." },
        },
        {
          record: "gateway:exporter_send_failed:rate5m",
          expr: 'sum by (instance, exporter) (rate({__name__=~"otelcol_exporter_send_failed_(spans|metric_points|log_records)"}[5m]))',
        },
      ],
    },
  ],
};
