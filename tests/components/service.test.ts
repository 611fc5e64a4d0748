import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Workload } from "../../components/runtime/workload.ts";

const created: pulumi.runtime.MockResourceArgs[] = [];
const MARK = "private key of the leaf";

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      created.push(args);
      const made = args.type.includes("security") ? { certPem: "certificate", keyPem: MARK } : { ready: true, pid: 1 };
      return { id: args.name, state: { ...args.inputs, ...made } };
    },
    call: ({ inputs }) => inputs,
  });
});
beforeEach(() => {
  created.length = 0;
});

const WORKLOAD: Workload = {
  name: "tempo",
  service: "tempo",
  program: "tempo",
  args: [],
  files: { "tempo.yaml": "a: 1\n" },
  secretFiles: { token: "otlp-token" },
  env: {},
  ports: { http: { host: "127.0.0.1", port: 3200, protocol: "tcp", access: "mtls" } },
  volumes: [],
  health: { port: "http", path: "/ready", deadlineSeconds: 30 },
  resources: { memoryMiB: 200, cpu: 1 },
  certificate: { commonName: "tempo", dnsNames: ["tempo"], ipAddresses: ["127.0.0.1"] },
};

function withoutCertificate(): Workload {
  const { name, service, program, args, files, secretFiles, env, ports, volumes, health, resources } = WORKLOAD;
  return { name, service, program, args, files, secretFiles, env, ports, volumes, health, resources };
}

/** Imported late: the mocks must be in place before any component is loaded. */
async function parts() {
  const { Service } = await import("../../components/runtime/service.ts");
  const { ProcessRuntime } = await import("../../components/runtime/process/process-runtime.ts");
  const { CertificateAuthority } = await import("../../components/security/certificate-authority.ts");
  const runtime = new ProcessRuntime({ stateFolder: "/state", resolveProgram: (name) => [`/cache/${name}`] });
  return { Service, runtime, CertificateAuthority };
}

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const find = (kind: string) => created.find(({ type }) => type.endsWith(`:${kind}`))!;

describe("a service", () => {
  it("makes a certificate and a process, and is ready when the process is", async () => {
    const { Service, runtime, CertificateAuthority } = await parts();
    const authority = new CertificateAuthority("environment", { commonName: "local" });
    const service = new Service("tempo", { workload: WORKLOAD, runtime, authority, secrets: { "otlp-token": "t" } });
    expect(await valueOf(service.ready)).toBe(true);
    expect(find("LeafCertificate").name).toBe("tempo-certificate");
    expect(find("Process").inputs["files"]).toEqual(WORKLOAD.files);
  });

  it("marks secret files and their digest as secrets of the stack", async () => {
    const { Service, runtime, CertificateAuthority } = await parts();
    const authority = new CertificateAuthority("environment", { commonName: "local" });
    const service = new Service("tempo", { workload: WORKLOAD, runtime, authority, secrets: { "otlp-token": "t" } });
    await valueOf(service.ready);
    const { secretFiles, secretHash, ...open } = find("Process").inputs;
    // The engine's wire format of a secret.
    for (const value of [secretFiles, secretHash]) {
      expect(Object.values(value as object)).toContain("1b47061264138c4ac30d75fd1eb44270");
    }
    expect(JSON.stringify(open)).not.toContain(MARK);
  });

  it("stores a provider that holds no path of this machine", async () => {
    const { Service, runtime, CertificateAuthority } = await parts();
    const authority = new CertificateAuthority("environment", { commonName: "local" });
    const service = new Service("tempo", { workload: WORKLOAD, runtime, authority, secrets: { "otlp-token": "t" } });
    await valueOf(service.ready);
    const text = String(find("Process").inputs["__provider"]);
    expect(text).toContain("components/runtime/process/provider.ts");
    expect(text).not.toContain(process.cwd());
    expect(text.length).toBeLessThan(4_000);
  });

  it("rejects a workload whose secret or authority is missing", async () => {
    const { Service, runtime } = await parts();
    expect(() => new Service("a", { workload: WORKLOAD, runtime, secrets: { "otlp-token": "t" } })).toThrow(
      /certificate\n.*an authority to sign it/,
    );
    expect(() => new Service("b", { workload: withoutCertificate(), runtime, secrets: {} })).toThrow(
      /workload tempo\n.*secret otlp-token/,
    );
  });
});
