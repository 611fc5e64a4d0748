import type { Workload } from "../workload.ts";

/** Paths of TLS files below the folder of a workload. */
export const TLS_PATHS = { certPem: "tls/cert.pem", keyPem: "tls/key.pem", caPem: "tls/ca.pem" } as const;

/** Line after which `apply` listens; before it may stand the password that sudo asks for. */
const MARK = "gpu-observability-secrets";

/** Every secret file of a workload, below its folder. */
export function secretPaths({
  certificate,
  secretFiles,
}: Pick<Workload, "certificate" | "secretFiles">): readonly string[] {
  return [
    ...(certificate === undefined ? [] : Object.values(TLS_PATHS)),
    ...Object.keys(secretFiles).map((path) => `secrets/${path}`),
  ];
}

/** Secrets as `apply` reads them from its standard input: `<workload>/<path>` to text. */
export function toSecretsInput(files: Readonly<Record<string, string>>, sudoPassword?: string): string {
  const lines = Object.entries(files)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, text]) => `secret ${path} ${Buffer.from(text, "utf8").toString("base64")}`);
  const password = sudoPassword === undefined ? [] : [sudoPassword];
  return [...password, MARK, ...lines, "end", ""].join("\n");
}
