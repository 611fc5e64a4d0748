import { stringify } from "yaml";
import type { Identity } from "./api.ts";

/** A kubeconfig of one cluster and one user; it holds the user's private key. */
export function kubeconfigText(server: string, user: string, { ca, cert, key }: Identity): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority-data": toBase64(ca) } }],
    users: [{ name: user, user: { "client-certificate-data": toBase64(cert), "client-key-data": toBase64(key) } }],
    contexts: [{ name: "test", context: { cluster: "test", user } }],
    "current-context": "test",
  });
}

const toBase64 = (text: string): string => Buffer.from(text).toString("base64");
