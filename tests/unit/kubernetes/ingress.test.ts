import { describe, expect, it } from "vitest";
import type { Publication } from "../../../components/runtime/kubernetes/settings.ts";
import { INGRESS, objectsOf, ofKind, planStack, workloadOf } from "./planned.ts";

const { workloads, settings } = planStack("production", INGRESS);
/** The same without an ingress. */
const WITHOUT = planStack("production", "kubernetes={ gatewayService: LoadBalancer }");
const grafana = workloadOf(workloads, "grafana");
const objects = objectsOf(grafana, settings);
const published = settings.publishedAs?.["grafana"] as Publication;
const withChange = (change: Partial<Publication>) =>
  objectsOf(grafana, { ...settings, publishedAs: { grafana: { ...published, ...change } } });

describe("an ingress", () => {
  it("shows Grafana at its host over TLS, and nothing else", () => {
    const all = workloads.flatMap((workload) => ofKind(objectsOf(workload, settings), "Ingress"));
    expect(all.map(({ metadata }) => metadata.name)).toEqual(["grafana-ingress"]);
    expect(all[0]?.spec).toEqual({
      rules: [
        {
          host: "grafana.example.org",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "grafana-ingress", port: { name: "https" } } },
              },
            ],
          },
        },
      ],
      tls: [{ hosts: ["grafana.example.org"], secretName: "grafana-ingress-tls" }],
    });
  });

  it("leads to a Service with one address although the set's own has none, on Grafana's own TLS port", () => {
    const [own, entrance] = ofKind(objects, "Service");
    expect([own?.metadata.name, own?.spec.clusterIP]).toEqual(["grafana", "None"]);
    expect(entrance).toMatchObject({
      metadata: { name: "grafana-ingress" },
      spec: {
        type: "ClusterIP",
        selector: own?.spec.selector,
        ports: [{ name: "https", port: 443, targetPort: "http", appProtocol: "https" }],
      },
    });
    expect(entrance?.spec).not.toHaveProperty("clusterIP");
    expect(own?.spec.ports[0].name).toBe("http");
  });

  it("hands on what the controller is told, on the object it reads it from", () => {
    const changed = withChange({
      className: "nginx",
      annotations: { "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS" },
      serviceAnnotations: { "traefik.ingress.kubernetes.io/service.serversscheme": "https" },
    });
    const [ingress] = ofKind(changed, "Ingress");
    const [own, entrance] = ofKind(changed, "Service");
    expect(ingress?.spec.ingressClassName).toBe("nginx");
    expect(ingress?.metadata.annotations).toHaveProperty(["nginx.ingress.kubernetes.io/backend-protocol"], "HTTPS");
    expect(entrance?.metadata.annotations).toHaveProperty(["traefik.ingress.kubernetes.io/service.serversscheme"]);
    expect(Object.keys(own?.metadata.annotations ?? {})).toEqual(["pulumi.com/skipAwait"]);
  });

  it("is given its certificate by the named issuer, with a new key each time", () => {
    expect(ofKind(objects, "Certificate")).toMatchObject([
      {
        apiVersion: "cert-manager.io/v1",
        metadata: { name: "grafana-ingress", namespace: "gpu-observability" },
        spec: {
          secretName: "grafana-ingress-tls",
          dnsNames: ["grafana.example.org"],
          issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "acme" },
          usages: ["digital signature", "server auth"],
          privateKey: { rotationPolicy: "Always" },
        },
      },
    ]);
  });

  it("takes a Secret that somebody keeps, and then asks nobody for a certificate", () => {
    const changed = withChange({ tls: { secretName: "wildcard" } });
    expect(ofKind(changed, "Certificate")).toEqual([]);
    expect(ofKind(changed, "Ingress")[0]?.spec.tls[0].secretName).toBe("wildcard");
    expect(ofKind(changed, "NetworkPolicy")).toHaveLength(1);
  });

  it("lets in the controller's namespace alone, or the networks around the cluster where it has none", () => {
    const peersOf = (change: Partial<Publication>) =>
      ofKind(withChange(change), "NetworkPolicy").map(({ spec }) => spec.ingress.at(-1).from);
    const edge = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } } }];
    const around = settings.hostNetworks.map((cidr) => ({ ipBlock: { cidr } }));
    const withEdge = peersOf({});
    expect(withEdge).toContainEqual(edge);
    expect(withEdge).not.toContainEqual(around);
    expect(peersOf({ namespace: undefined })).toContainEqual(around);
  });

  it("tells Grafana the name people know it by", () => {
    expect(grafana.env).toMatchObject({
      GF_SERVER_DOMAIN: "grafana.example.org",
      GF_SERVER_ROOT_URL: "https://grafana.example.org/",
      GF_SECURITY_COOKIE_SECURE: "true",
    });
    expect(workloadOf(WITHOUT.workloads, "grafana").env).not.toHaveProperty("GF_SERVER_ROOT_URL");
  });

  it("changes nothing but Grafana and the links that lead to it", () => {
    const linking = ["grafana", "prometheus", "alertmanager"];
    for (const workload of WITHOUT.workloads.filter(({ service }) => !linking.includes(service))) {
      expect(objectsOf(workloadOf(workloads, workload.service), settings)).toEqual(
        objectsOf(workload, WITHOUT.settings),
      );
    }
    const textsOf = (all: typeof workloads) =>
      ["prometheus", "alertmanager"].map((service) => {
        const { args, files } = workloadOf(all, service);
        return [...args, ...Object.values(files)].join("\n");
      });
    for (const text of textsOf(workloads)) expect(text).toContain("https://grafana.example.org/d/");
    for (const text of textsOf(WITHOUT.workloads)) expect(text).not.toContain("/d/");
  });
});
