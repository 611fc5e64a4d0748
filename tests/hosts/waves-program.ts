import { readFileSync } from "node:fs";
import { SshRuntime } from "../../components/runtime/ssh/ssh-runtime.ts";
import { CertificateAuthority } from "../../components/security/certificate-authority.ts";
import { deployHosts } from "../../infra/deploy/rollout.ts";
import { reachAt } from "../../infra/deploy/ssh.ts";
import type { Rollout, WaveHost } from "../../infra/inventory/plan-waves.ts";
import { archivedProgram, hostWorkloads } from "../unit/ssh/host-fixture.ts";

/** What the test tells this program. */
export interface WavesFleet {
  readonly bundleFolder: string;
  readonly port: number;
  readonly hostKey: string;
  readonly privateKey: string;
  /** Goes into the configuration, so another one is another version. */
  readonly environment: string;
  readonly hosts: readonly (WaveHost & { readonly address: string })[];
  readonly rollout: Rollout;
}

const fleet = JSON.parse(readFileSync(process.env["FLEET_FILE"] ?? "", "utf8")) as WavesFleet;
const { hosts, port, hostKey, privateKey, environment } = fleet;
const programs = Object.fromEntries(["otelcol", "node_exporter"].map((name) => [name, archivedProgram(name)]));

const runtime = new SshRuntime({
  bundleFolder: fleet.bundleFolder,
  hosts: Object.fromEntries(
    hosts.map((host) => {
      const connection = {
        host: reachAt(host),
        user: host.name,
        port,
        hostKey,
        privateKey,
      };
      return [host.name, { name: host.name, programs, connection }];
    }),
  ),
});
const authority = new CertificateAuthority("authority", { commonName: "waves" });
const deployed = hosts.map(
  ({ name }) => [name, { workloads: hostWorkloads({ host: name, environment }), runtime }] as const,
);
const secrets = { "otlp-token": "token of the tests" };
deployHosts({ hosts, environment: { rollout: fleet.rollout } }, new Map(deployed), { authority, secrets });
