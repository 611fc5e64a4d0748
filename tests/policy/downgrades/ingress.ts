import { type Downgrade, edit, editContainer, editFile, type Json } from "./downgrade.ts";

const RULE = "ingress-encrypted";
const LINKS = "links-absolute";
const GPU_RULES = "gpu.yml";

const editIngress = (change: (spec: Json) => void) => edit("Ingress grafana-ingress", ({ spec }) => change(spec));
/** Changes the annotations of every alert about GPUs. */
const editAnnotations = (change: (annotations: Json) => void) =>
  editFile("prometheus", GPU_RULES, (tree) => {
    for (const { annotations } of tree.groups.flatMap(({ rules }: Json) => rules)) {
      if (annotations !== undefined) change(annotations);
    }
  });

/** What somebody may do to the ingress, and to the links that lead to it. */
export const INGRESS_DOWNGRADES: readonly Downgrade[] = [
  {
    name: "an ingress without TLS",
    rule: RULE,
    says: "Ingress gpu-observability/grafana-ingress: no certificate for grafana.internal",
    apply: editIngress((spec) => delete spec.tls),
  },
  {
    name: "an ingress whose certificate is for another host",
    rule: RULE,
    says: "no certificate for grafana.internal",
    apply: editIngress((spec) => (spec.tls[0].hosts = ["example.org"])),
  },
  {
    name: "an ingress for every host",
    rule: RULE,
    says: "answers for every host",
    apply: editIngress((spec) => delete spec.rules[0].host),
  },
  {
    // What every stack had: a path of the repository.
    name: "runbooks at a path that no phone opens",
    rule: LINKS,
    says: "is relative: infra/runbooks/alerts/",
    apply: editAnnotations((annotations) => {
      annotations.runbook_url = `infra/runbooks/alerts/${annotations.runbook_url.split("/").at(-1)}`;
    }),
  },
  {
    name: "dashboards at an address of the cluster",
    rule: LINKS,
    says: "leads to grafana.gpu-observability.svc, which the cluster alone knows",
    apply: editAnnotations((annotations) => {
      annotations.dashboard_url = "https://grafana.gpu-observability.svc:3000/d/gpu-fleet?from=now-1h";
    }),
  },
  {
    name: "logs on the reader's own machine",
    rule: LINKS,
    says: "leads to 127.0.0.1, which is every reader's own machine",
    apply: editAnnotations((annotations) => {
      if (annotations.logs_url !== undefined) annotations.logs_url = "https://127.0.0.1:3000/explore";
    }),
  },
  {
    name: "an Alertmanager that names itself as its pod is called",
    rule: LINKS,
    says: "StatefulSet gpu-observability/alertmanager: --web.external-url is missing",
    apply: editContainer("StatefulSet alertmanager", (container) => {
      container.args = container.args.filter((text: string) => !text.startsWith("--web.external-url"));
    }),
  },
];
