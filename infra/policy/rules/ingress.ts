import type { KubernetesObject, PolicyRule } from "../model.ts";
import { textAt, textsAt, treesAt } from "../read/known.ts";
import { whereOf } from "../read/kubernetes-object.ts";

/** People's passwords pass here: an ingress serves plain HTTP for whatever its `tls` leaves out. */
export const ingressEncrypted: PolicyRule = {
  name: "ingress-encrypted",
  description: "Every host of an Ingress has a certificate of its own, and none answers for every host.",
  fix: "say who issues it, or where it is kept: kubernetes.ingress.tls",
  check: ({ objects }) =>
    objects
      .filter(({ kind }) => kind === "Ingress")
      .flatMap((object) => faultsOf(object).map((what) => ({ where: whereOf(object), urn: object.urn, what }))),
};

function faultsOf({ body }: KubernetesObject): readonly string[] {
  const certified = treesAt(body, "spec", "tls")
    .filter((entry) => textAt(entry, "secretName") !== "")
    .flatMap((entry) => textsAt(entry, "hosts"));
  const hosts = treesAt(body, "spec", "rules").map((rule) => textAt(rule, "host"));
  const isOpen =
    hosts.length === 0 || hosts.includes("") || textAt(body, "spec", "defaultBackend", "service", "name") !== "";
  return [
    ...(isOpen ? ["answers for every host"] : []),
    ...hosts.filter((host) => host !== "" && !certified.includes(host)).map((host) => `no certificate for ${host}`),
  ];
}
