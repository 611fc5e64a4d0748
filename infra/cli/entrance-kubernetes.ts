import { ApiException, CoreV1Api, CustomObjectsApi, type KubeConfig, NetworkingV1Api } from "@kubernetes/client-node";
import { entranceName } from "../../components/runtime/kubernetes/service.ts";
import type { Environment } from "../environment/schema.ts";
import { NAMESPACE } from "../topology/place.ts";

/** What of a custom object is read here. */
interface Conditioned {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** What a Secret with a certificate holds, by the Kubernetes type `kubernetes.io/tls`. */
const TLS_KEYS = ["tls.crt", "tls.key"];

/**
 * What others have yet to do before people reach Grafana: an address of the controller's, a certificate of the issuer's
 * or of whoever keeps it in a Secret.
 * Asked once and not waited for: a name's owner may have to act first, and everything of ours runs without.
 *
 * @returns a line each; nothing where all is done, or there is no ingress
 */
export async function describeUnfinishedEntrance(
  config: KubeConfig,
  { kubernetes }: Environment,
): Promise<readonly string[]> {
  const { ingress } = kubernetes;
  if (ingress === undefined) return [];
  const asked = { namespace: NAMESPACE, name: entranceName("grafana") };
  const all = [
    describeIngress(config, asked),
    "issuer" in ingress.tls ? describeCertificate(config, asked) : describeSecret(config, ingress.tls.secretName),
  ];
  return (await Promise.all(all)).filter((line) => line !== undefined);
}

interface Asked {
  readonly namespace: string;
  readonly name: string;
}

function describeIngress(config: KubeConfig, asked: Asked): Promise<string | undefined> {
  const where = `ingress ${asked.namespace}/${asked.name}`;
  return orUnreadable(where, async () => {
    const { status } = await config.makeApiClient(NetworkingV1Api).readNamespacedIngress(asked);
    const hasAddress = (status?.loadBalancer?.ingress ?? []).length > 0;
    return hasAddress ? undefined : `${where}: no address yet; the controller gives it one`;
  });
}

function describeCertificate(config: KubeConfig, asked: Asked): Promise<string | undefined> {
  const where = `certificate ${asked.namespace}/${asked.name}`;
  return orUnreadable(where, async () => {
    const kind = { group: "cert-manager.io", version: "v1", plural: "certificates" };
    const api = config.makeApiClient(CustomObjectsApi);
    const { status } = (await api.getNamespacedCustomObject({ ...kind, ...asked })) as Conditioned;
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status === "True") return undefined;
    const reason = ready?.message ?? "nobody has looked at it";
    return `${where}: not issued yet (${reason}); see kubectl -n ${asked.namespace} describe certificate ${asked.name}`;
  });
}

/** Where it is missing, a controller shows people a certificate of its own, which no browser trusts. */
function describeSecret(config: KubeConfig, name: string): Promise<string | undefined> {
  const where = `secret ${NAMESPACE}/${name}`;
  return orUnreadable(where, async () => {
    const { data = {} } = await config.makeApiClient(CoreV1Api).readNamespacedSecret({ namespace: NAMESPACE, name });
    const missing = TLS_KEYS.filter((key) => !(key in data));
    return missing.length === 0 ? undefined : `${where}: holds no ${missing.join(" and no ")}`;
  });
}

/** What somebody removed in the meantime, or has not made yet, is a line, too, and no reason to fail. */
async function orUnreadable(where: string, ask: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiException) return `${where}: cannot be read (status ${error.code})`;
    throw error;
  }
}
