import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Workload } from "../../components/runtime/workload.ts";
import { issueAuthority, issueLeaf } from "../../components/security/x509.ts";
import { NETWORKS } from "./networks.ts";

const TEXT_OF_SECRET = "relocated-test-secret";

/** A workload laid out in a folder of its own, to be judged or started where it stands. */
export interface Relocated {
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/**
 * Lays a rendered workload out below a temporary folder: the same files, with the folders of containers and
 * hosts moved there and wildcard binds moved to a loopback address, so that nothing listens to the world.
 *
 * @param bind - takes the place of the wildcard address
 * @param loopback - takes the place of 127.0.0.1, for what listens beside other programs of this machine
 */
export async function relocate(
  workload: Workload,
  bind = `${NETWORKS.judged}.1`,
  loopback = "127.0.0.1",
): Promise<Relocated> {
  const folder = mkdtempSync(join(tmpdir(), `gpu-observability-${workload.name}-`));
  const move = (text: string) =>
    text
      .replaceAll(/\/etc\/gpu-observability(\/[a-z0-9-]+-(agent|dcgm-exporter|node-exporter))?(?=[/\s"']|$)/g, folder)
      .replaceAll(
        /\/var\/lib\/gpu-observability(\/[a-z0-9-]+-(agent|dcgm-exporter|node-exporter))?(?=[/\s"']|$)/g,
        `${folder}/data`,
      )
      // A node's root folder is this machine's.
      .replaceAll(/(?<=root_path: |rootfs=)\/node$/gm, "/")
      .replaceAll("127.0.0.1", loopback)
      .replaceAll("0.0.0.0", bind);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: 0o600 });
  };
  for (const [path, text] of Object.entries(workload.files)) write(path, move(text));
  for (const path of Object.keys(workload.secretFiles)) write(join("secrets", path), TEXT_OF_SECRET);
  for (const volume of workload.volumes) mkdirSync(join(folder, "data", volume.name), { recursive: true });
  const authority = await issueAuthority({ commonName: "relocated", validityDays: 1 });
  const leaf = await issueLeaf(authority, {
    commonName: workload.name,
    dnsNames: ["localhost", ...(workload.certificate?.dnsNames ?? [])],
    ipAddresses: [bind],
    validityDays: 1,
  });
  write("tls/ca.pem", authority.certPem);
  write("tls/cert.pem", leaf.certPem);
  write("tls/key.pem", leaf.keyPem);
  return {
    folder,
    args: workload.args.map(move),
    env: { ...workload.env, HOST_NAME: "relocated-host", HOST_IP: bind, POD_NAME: `${workload.name}-0`, POD_IP: bind },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
