import { COLLECTOR, type Downgrade, drop, edit, editContainer, editFile, editPod, type Json } from "./downgrade.ts";

const LISTENERS = "listeners-encrypted";
const INSECURE = "no-tls-insecure";
const WILDCARD = "no-open-wildcard";
const SECRETS = "no-plain-secrets";
const DEFAULTS = "no-default-credentials";
const gateway = (change: (tree: Json) => void) => editFile("gateway", COLLECTOR, change);
const args = (workload: string, change: (list: string[]) => string[]) =>
  editContainer(`StatefulSet ${workload}`, (container) => (container.args = change(container.args)));
const variable = (workload: string, name: string, value: string) =>
  editContainer(`StatefulSet ${workload}`, (container) => {
    container.env = [...container.env.filter((item: Json) => item.name !== name), { name, value }];
  });

/** What somebody may do to listeners, secrets and tokens. */
export const SECURITY_DOWNGRADES: readonly Downgrade[] = [
  {
    name: "a gateway that takes plain OTLP",
    rule: LISTENERS,
    says: "receiver otlp grpc on 0.0.0.0:4317: plain text",
    apply: gateway((tree) => delete tree.receivers.otlp.protocols.grpc.tls),
  },
  {
    name: "a gateway that asks for no client certificate",
    rule: LISTENERS,
    says: "receiver otlp http on 0.0.0.0:4318: TLS without asking for a client certificate",
    apply: gateway((tree) => delete tree.receivers.otlp.protocols.http.tls.client_ca_file),
  },
  {
    name: "Prometheus without its web configuration",
    rule: LISTENERS,
    says: "web on 0.0.0.0:9090: plain text",
    apply: args("prometheus", (list) => list.filter((text) => !text.startsWith("--web.config.file"))),
  },
  {
    name: "Loki without TLS",
    rule: LISTENERS,
    says: "server http on 0.0.0.0:3100: plain text",
    apply: editFile("loki", "loki.yaml", (tree) => delete tree.server.http_tls_config),
  },
  {
    name: "gossip of Tempo in plain text",
    rule: LISTENERS,
    says: "gossip on 0.0.0.0:7946: plain text",
    apply: editFile("tempo", "tempo.yaml", (tree) => (tree.memberlist.tls_enabled = false)),
  },
  {
    name: "gossip of Alertmanager in plain text",
    rule: LISTENERS,
    says: "cluster on 0.0.0.0:9094: plain text",
    apply: args("alertmanager", (list) => list.filter((text) => !text.startsWith("--cluster.tls-config"))),
  },
  {
    name: "Grafana over HTTP",
    rule: LISTENERS,
    says: "web on 0.0.0.0:3000: plain text",
    apply: variable("grafana", "GF_SERVER_PROTOCOL", "http"),
  },
  {
    name: "an agent that takes plain OTLP from other machines",
    rule: LISTENERS,
    says: "receiver otlp grpc on 10.0.0.7:4317: plain text",
    apply: editFile("gpu-nodes-agent", COLLECTOR, (tree) => {
      tree.receivers.otlp.protocols.grpc.endpoint = "10.0.0.7:4317";
    }),
  },
  {
    name: "a client that leaves out TLS",
    rule: INSECURE,
    says: "exporters.otlp_grpc/tempo.tls.insecure is on",
    apply: gateway((tree) => (tree.exporters["otlp_grpc/tempo"].tls = { insecure: true })),
  },
  {
    name: "a client that believes any certificate",
    rule: INSECURE,
    says: "insecure_skip_verify is on",
    apply: editFile("prometheus", "prometheus.yml", (tree) => {
      tree.alerting.alertmanagers[0].tls_config.insecure_skip_verify = true;
    }),
  },
  {
    name: "an exporter that sends in plain text",
    rule: INSECURE,
    says: "exporter otlp_http/loki: sends in plain text",
    apply: gateway(
      (tree) => (tree.exporters["otlp_http/loki"].endpoint = "http://loki.gpu-observability.svc:3100/otlp"),
    ),
  },
  {
    name: "a variable that switches checks off",
    rule: INSECURE,
    says: "OTEL_EXPORTER_OTLP_INSECURE: switches the check of certificates off",
    apply: variable("grafana", "OTEL_EXPORTER_OTLP_INSECURE", "true"),
  },
  {
    name: "a pod in its node's network that binds every address",
    rule: WILDCARD,
    says: "extension health_check on 0.0.0.0:13133: no NetworkPolicy reaches the network of the machine",
    apply: editFile("gpu-nodes-agent", COLLECTOR, (tree) => (tree.extensions.health_check.endpoint = "0.0.0.0:13133")),
  },
  {
    name: "a pod without a NetworkPolicy",
    rule: WILDCARD,
    says: "no NetworkPolicy restricts who reaches the pod",
    apply: (resources) => drop("NetworkPolicy default-deny")(drop("NetworkPolicy loki")(resources)),
  },
  {
    name: "a NetworkPolicy for everybody",
    rule: WILDCARD,
    says: "NetworkPolicy gateway lets everybody in",
    apply: edit("NetworkPolicy gateway", (props) => props.spec.ingress.push({ ports: [{ port: 4317 }] })),
  },
  {
    name: "a NetworkPolicy for the whole internet",
    rule: WILDCARD,
    says: "NetworkPolicy gateway lets everybody in",
    apply: edit("NetworkPolicy gateway", (props) => {
      props.spec.ingress[0].from.push({ ipBlock: { cidr: "0.0.0.0/0" } });
    }),
  },
  {
    name: "a password in a configuration file",
    rule: SECRETS,
    says: "extensions.basicauth/greptimedb.client_auth.password: password in plain text",
    apply: gateway((tree) => (tree.extensions["basicauth/greptimedb"].client_auth.password = "hunter2hunter2")),
  },
  {
    name: "a private key in a ConfigMap",
    rule: SECRETS,
    says: "a private key in plain text",
    apply: edit("ConfigMap loki", (props) => (props.data["key.pem"] = "-----BEGIN PRIVATE KEY-----\nMIIE\n")),
  },
  {
    name: "an API key in a variable",
    rule: SECRETS,
    says: "DD_API_KEY in plain text",
    apply: variable("grafana", "DD_API_KEY", "0123456789abcdef0123456789abcdef"),
  },
  {
    name: "a Slack webhook in Alertmanager's file",
    rule: SECRETS,
    says: "a Slack webhook in plain text",
    apply: editFile("alertmanager", "alertmanager.yml", (tree) => {
      const slack = tree.receivers.find((receiver: Json) => "slack_configs" in receiver).slack_configs[0];
      slack.api_url = ["https://hooks.slack.com", "services", "T000", "B000", "x"].join("/");
    }),
  },
  {
    name: "Grafana with the password of its manual",
    rule: DEFAULTS,
    says: "no admin password is given, so it is admin",
    apply: editContainer("StatefulSet grafana", (container) => {
      container.env = container.env.filter(({ name }: Json) => !name.startsWith("GF_SECURITY_ADMIN_PASSWORD"));
    }),
  },
  {
    name: "GreptimeDB without users",
    rule: DEFAULTS,
    says: "no users are given",
    apply: args("greptimedb", (list) => list.filter((text) => !text.startsWith("--user-provider"))),
  },
  {
    name: "GreptimeDB with the user of the documents",
    rule: DEFAULTS,
    says: "a password out of a manual",
    apply: args("greptimedb", (list) => [
      ...list.filter((text) => !text.startsWith("--user-provider")),
      "--user-provider=static_user_provider:cmd:greptime_user=greptime_pwd",
    ]),
  },
  {
    name: "a password as an argument of two words",
    rule: SECRETS,
    says: "argument password: password in plain text",
    apply: args("greptimedb", (list) => [...list, "--password", "hunter2hunter2"]),
  },
  {
    name: "a pod with a token it does not need",
    rule: "no-needless-api-token",
    says: "gets a token of service account tempo",
    apply: editPod("StatefulSet tempo", (spec) => (spec.automountServiceAccountToken = true)),
  },
];
