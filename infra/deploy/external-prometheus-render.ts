import { toYaml } from "../../components/core/yaml.ts";
import { renderOperatorObjects } from "../../components/prometheus/external/manifests.ts";
import { renderOperatorRequirements, renderRequirements } from "../../components/prometheus/external/render.ts";
import { toPortable } from "../../components/prometheus/external/rules.ts";
import type { MonitoredPart, OperatorSettings } from "../../components/prometheus/external/settings.ts";
import { renderRuleFiles } from "../../components/alerts/render.ts";
import { inCluster, NAMESPACE } from "../topology/place.ts";
import type { Topology } from "../topology/topology.ts";
import { planAlertSettings } from "./alerts.ts";
import { planTargets } from "./backends.ts";
import { EXTERNAL_PROMETHEUS } from "./external-access.ts";

/** Programs whose metrics are not on the port called `http`. */
const METRICS_PORT: Readonly<Record<string, string>> = { gateway: "metrics", jaeger: "metrics" };

/** What the Prometheus Operator is given; undefined where it is not asked to do anything. Pure. */
export function planOperator(topology: Topology): OperatorSettings | undefined {
  const { name, environment } = topology;
  const { external, evaluationInterval } = environment.prometheus;
  if (external?.operator === undefined) return undefined;
  return {
    ...external.operator,
    environment: name,
    namespace: NAMESPACE,
    rules: renderRuleFiles(planAlertSettings(topology)),
    evaluationInterval,
    scrapeInterval: environment.metrics.scrapeInterval,
    parts: planTargets(topology).map(({ job, scheme }): MonitoredPart => ({
      job,
      scheme,
      port: METRICS_PORT[job] ?? "http",
      serverName: inCluster(job),
    })),
  };
}

/** What an existing Prometheus is given, as files; nothing where the environment has its own. Pure. */
export function renderExternalPrometheus(topology: Topology): Readonly<Record<string, string>> {
  const { name, environment } = topology;
  const { external, evaluationInterval, outOfOrderWindow } = environment.prometheus;
  if (external === undefined) return {};
  const operator = planOperator(topology);
  if (operator !== undefined) {
    return below({
      "README.md": OPERATOR_README,
      "manifests.yaml": renderOperatorObjects(operator).map(toYaml).join("---\n"),
      "prometheus-spec.yaml": toYaml(renderOperatorRequirements({ outOfOrderWindow })),
    });
  }
  const rules = renderRuleFiles(planAlertSettings(topology));
  const portable = Object.entries(rules).map(
    ([path, file]) => [path, toYaml(toPortable(file, { environment: name, evaluationInterval }))] as const,
  );
  const requirements = renderRequirements({
    outOfOrderWindow,
    scrapeInterval: environment.metrics.scrapeInterval,
    rules: Object.keys(rules),
    targets: planTargets(topology),
  });
  return below({ "README.md": README, ...Object.fromEntries(portable), "prometheus.yml": toYaml(requirements) });
}

function below(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${EXTERNAL_PROMETHEUS}/${path}`, text]));
}

const README = `# For the existing Prometheus

Nobody loads these but you; \`up\` cannot. Without them metrics arrive, and no alert ever fires.

1. Copy \`rules/\` to \`gpu-observability/rules/\` beside its \`prometheus.yml\`.
2. Write the certificate it shows our programs there as \`ca.pem\`, \`cert.pem\` and \`key.pem\`:
   \`pulumi stack output externalPrometheus --show-secrets --json\`. It is renewed by \`up\`: write it again after each.
3. Merge \`prometheus.yml\` into its own, start it with \`--web.enable-otlp-receiver\` or
   \`--web.enable-remote-write-receiver\` and with \`--enable-feature=exemplar-storage\`, and reload it. Mimir takes the rules by \`mimirtool rules load\`.
4. Route the labels \`severity\`, \`area\`, \`team\` and \`environment\` of alerts in its Alertmanager.

After a change of alerts or hosts: \`npm run render\`, and copy \`rules/\` again.
`;

const OPERATOR_README = `# For the Prometheus of the Prometheus Operator

\`up\` makes the objects of \`manifests.yaml\`. Yours to see to:

1. Its \`ruleSelector\` and \`podMonitorSelector\` take their labels, and its namespace selectors the namespace \`${NAMESPACE}\`.
2. Its \`spec\` has what \`prometheus-spec.yaml\` says: without the promoted attributes what comes over OTLP has no host.
3. Its Alertmanager routes the labels \`severity\`, \`area\`, \`team\` and \`environment\`.
`;
