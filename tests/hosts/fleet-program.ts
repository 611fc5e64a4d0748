import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { HostProgram } from "../../components/runtime/ssh/host-program.ts";
import { SshRuntime } from "../../components/runtime/ssh/ssh-runtime.ts";
import { hostWorkloads, type WorkloadOptions } from "../unit/ssh/host-fixture.ts";

/** What the test tells this program. */
export interface Fleet {
  readonly bundleFolder: string;
  readonly programs: Readonly<Record<string, HostProgram>>;
  readonly hosts: readonly (Required<Pick<WorkloadOptions, "host" | "gateways">> & {
    readonly address: string;
    readonly user: string;
    readonly hostKey: string;
    readonly privateKey: string;
    /** A host that the connection goes through. @default none */
    readonly bastion?: {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly hostKey: string;
    };
    readonly environment: string;
    /** `<workload>/<path>` to text. */
    readonly secrets: Readonly<Record<string, string>>;
  })[];
}

const fleet = JSON.parse(readFileSync(process.env["FLEET_FILE"] ?? "", "utf8")) as Fleet;

const runtime = new SshRuntime({
  bundleFolder: fleet.bundleFolder,
  hosts: Object.fromEntries(
    fleet.hosts.map(({ host, address, user, hostKey, privateKey, bastion }) => {
      const through = bastion === undefined ? {} : { bastion: { ...bastion, privateKey } };
      const connection = { host: address, user, hostKey, privateKey, ...through };
      return [host, { name: host, programs: fleet.programs, connection }];
    }),
  ),
});

for (const { host, gateways, environment, secrets } of fleet.hosts) {
  const secret = (path: string) => pulumi.secret(secrets[`${host}-agent/${path}`] ?? "");
  const certificate = { certPem: secret("tls/cert.pem"), keyPem: secret("tls/key.pem"), caPem: secret("tls/ca.pem") };
  const delivery = { certificate, secrets: { "otlp-token": secret("secrets/otlp-token") } };
  const workloads = hostWorkloads({ host, gateways, environment, scrapeInterval: "1s" });
  runtime.deployHost(
    host,
    workloads.map((workload) => ({ workload, delivery })),
    {},
  );
}
