import { within } from "../runtime/workload.ts";
import type { AlertmanagerSettings, AlertReceiver } from "./settings.ts";

/** Receiver of an environment that notifies nobody. */
const PAGE_ONLY = "alertmanager-page";

/** `alertmanager.yml`. */
export function renderAlertmanager(settings: AlertmanagerSettings): object {
  const { receivers } = settings;
  const names = receivers.map(({ name }) => name);
  const [first = PAGE_ONLY] = names;
  return {
    route: {
      receiver: first,
      group_by: ["alertname", "environment", "host_name"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [
        // Always firing by design: told often to the first receiver, whose silence is the alarm.
        {
          matchers: ['alertname="Watchdog"'],
          receiver: first,
          group_wait: "0s",
          group_interval: "1m",
          repeat_interval: "5m",
        },
        ...names.map((receiver) => ({ matchers: ['severity=~"critical|warning"'], receiver, continue: true })),
      ],
    },
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ["alertname", "host_name"],
      },
    ],
    receivers:
      receivers.length === 0 ? [{ name: PAGE_ONLY }] : receivers.map((receiver) => renderReceiver(receiver, settings)),
  };
}

function renderReceiver(receiver: AlertReceiver, { placement }: AlertmanagerSettings): object {
  const file = within(placement.paths.secrets, receiver.secret);
  switch (receiver.kind) {
    case "webhook":
      return { name: receiver.name, webhook_configs: [{ url_file: file, send_resolved: true }] };
    case "slack":
      return {
        name: receiver.name,
        slack_configs: [{ api_url_file: file, channel: receiver.channel, send_resolved: true }],
      };
    case "pagerduty":
      return { name: receiver.name, pagerduty_configs: [{ routing_key_file: file, send_resolved: true }] };
  }
}

/** TLS of the cluster's gossip, both ways. */
export function renderClusterTls({ placement }: AlertmanagerSettings): object {
  const { paths } = placement;
  const files = { cert_file: within(paths.tls, "cert.pem"), key_file: within(paths.tls, "key.pem") };
  const ca = within(paths.tls, "ca.pem");
  return {
    tls_server_config: { ...files, client_auth_type: "RequireAndVerifyClientCert", client_ca_file: ca },
    tls_client_config: { ...files, ca_file: ca },
  };
}
