import { kubernetesResources } from "../manifests.ts";
import { type Downgrade, edit, type Json } from "./downgrade.ts";

const RULE = "ingress-encrypted";
const SETTING = "kubernetes={ ingress: { host: grafana.example.org, tls: { secretName: grafana-tls } } }";

/** Production with an ingress for Grafana, which as written it has not, and the ingress changed. */
function withIngress(change: (spec: Json) => void): Downgrade["apply"] {
  return (resources) => {
    const added = kubernetesResources("production", [SETTING]).filter(({ type }) => type.endsWith(":Ingress"));
    return edit("Ingress grafana-ingress", (props) => change(props.spec))([...resources, ...added]);
  };
}

/** What somebody may do to the door for people. */
export const INGRESS_DOWNGRADES: readonly Downgrade[] = [
  {
    name: "an ingress without TLS",
    rule: RULE,
    says: "Ingress gpu-observability/grafana-ingress: no certificate for grafana.example.org",
    apply: withIngress((spec) => delete spec.tls),
  },
  {
    name: "an ingress whose certificate is for another host",
    rule: RULE,
    says: "no certificate for grafana.example.org",
    apply: withIngress((spec) => (spec.tls[0].hosts = ["example.org"])),
  },
  {
    name: "an ingress for every host",
    rule: RULE,
    says: "answers for every host",
    apply: withIngress((spec) => delete spec.rules[0].host),
  },
];
