/**
 * The narrow waist: everything the platform runs is one of these, and a runtime adapter is the only
 * code that knows how a platform runs it. Plain data, so a preview and a golden show all of it.
 */
export interface Workload {
  /** Unique in the environment, kebab-case: `gateway-a`, `gpu-1-agent`. */
  readonly name: string;
  /** What it is, shared by replicas: `gateway`, `agent`, `prometheus`. */
  readonly service: string;
  /** Program to run: a key of `programs` in `infra/toolchain/versions.json`. */
  readonly program: string;
  /** Arguments, never a shell string. */
  readonly args: readonly string[];
  /** Configuration files: path below the `config` path of {@link WorkloadPaths} to content. Never a secret. */
  readonly files: Readonly<Record<string, string>>;
  /** Secret files, written with mode 0600: path below the `secrets` path to the secret's name. */
  readonly secretFiles: Readonly<Record<string, SecretName>>;
  /** Environment variables. Never a secret. */
  readonly env: Readonly<Record<string, string>>;
  /** Every port it listens on, by name. */
  readonly ports: Readonly<Record<string, Listener>>;
  /** Folders that outlive a restart, below the `data` path. */
  readonly volumes: readonly Volume[];
  readonly health: HealthCheck;
  readonly resources: Resources;
  /**
   * Names and addresses its certificate must carry. Every workload with one gets
   * `cert.pem`, `key.pem` and `ca.pem` below the `tls` path.
   */
  readonly certificate?: CertificateRequest;
  /**
   * Equal copies that differ in their name alone; planned only where the runtime itself runs and spreads copies.
   *
   * @default 1
   */
  readonly replicas?: number;
  /** Most copies the runtime may raise `replicas` to by itself under load. @default `replicas` */
  readonly maxReplicas?: number;
  /** What it sees of the machine it observes. @default nothing: it runs anywhere */
  readonly hostAccess?: HostAccess;
  /**
   * How it learns where its own files lie. In a container it starts there, so that only processes need this.
   *
   * @default it needs no files but its program
   */
  readonly home?: ProgramHome;
}

/** A program that needs the other files of its archive, and resolves paths against their folder. */
export interface ProgramHome {
  /** Path of the program below that folder: `bin/grafana`. */
  readonly program: string;
  /** Argument that names the folder: `--homepath`. */
  readonly argument: string;
  /** Keys of `env` whose relative paths it would resolve against that folder. */
  readonly paths: readonly string[];
}

/** What a workload of a GPU host sees of its machine, where a runtime would hide it. */
export interface HostAccess {
  /** Folders of the machine, read-only. */
  readonly mounts: readonly HostMount[];
  /** Labels of the machines it is for, where the runtime chooses them. @default every machine with GPUs */
  readonly nodeLabels?: Readonly<Record<string, string>>;
  /** Every GPU of the machine, without taking any away from those who compute on it. */
  readonly gpus: boolean;
  /** The machine's processes. */
  readonly processes: boolean;
  /** Whether it asks the cluster which pods run on its machine, where there is a cluster. */
  readonly podNames: boolean;
}

/** A folder of the machine and where the workload sees it. */
export interface HostMount {
  readonly hostPath: string;
  readonly mountPath: string;
}

/** Name of a secret a workload asks for: one the platform makes (`otlp-token`) or one of the stack. The deployment supplies the value. */
export type SecretName = string;

/** One listening port. */
export interface Listener {
  /** Address it binds, such as `127.0.0.1`. */
  readonly host: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "tcp+udp";
  /**
   * How a client is identified: by certificate, by certificate and token, by password, or not at all. What is
   * `plaintext` is reached from the same machine only, or by a planned edge of the network.
   */
  readonly access: "mtls" | "mtls+token" | "password" | "plaintext";
}

/** A folder that outlives a restart. */
export interface Volume {
  readonly name: string;
  /** Largest size in MiB. */
  readonly sizeMiB: number;
  /** Whether losing it loses telemetry: protected and retained where the runtime can. */
  readonly stateful: boolean;
}

/** How a runtime learns that a workload is ready: an HTTP GET that must answer 2xx. */
export interface HealthCheck {
  /** A key of `ports`. */
  readonly port: string;
  readonly path: string;
  /** @default `http` where the port is `plaintext`, else `https` */
  readonly scheme?: "http" | "https";
  /** Longest time from start to the first 2xx, in seconds. */
  readonly deadlineSeconds: number;
}

/** What a workload may use. */
export interface Resources {
  /** Hard memory limit in MiB; Go programs also get GOMEMLIMIT at 80 % of it, or what `env` says. */
  readonly memoryMiB: number;
  /** CPU cores a scheduler reserves. */
  readonly cpu: number;
}

/** What a leaf certificate is for. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/**
 * Where a runtime puts the parts of a workload. Configurations are rendered against these, so the
 * same renderer serves a process (relative to its working folder) and a container (absolute).
 */
export interface WorkloadPaths {
  readonly config: string;
  readonly tls: string;
  readonly secrets: string;
  readonly data: string;
}

/** A process: everything relative to its own working folder. */
export const PROCESS_PATHS: WorkloadPaths = { config: ".", tls: "tls", secrets: "secrets", data: "data" };

/** A container: everything below fixed mount points. */
export const CONTAINER_PATHS: WorkloadPaths = {
  config: "/etc/gpu-observability",
  tls: "/etc/gpu-observability/tls",
  secrets: "/etc/gpu-observability/secrets",
  data: "/var/lib/gpu-observability",
};

/** A systemd service on a GPU host, one folder per workload. */
export function hostPaths(workload: string): WorkloadPaths {
  const config = `/etc/gpu-observability/${workload}`;
  return { config, tls: `${config}/tls`, secrets: `${config}/secrets`, data: `/var/lib/gpu-observability/${workload}` };
}

/** A path below one of the folders of {@link WorkloadPaths}. */
export function within(folder: string, path: string): string {
  return folder === "." ? path : `${folder}/${path}`;
}

/** Where a workload finds its TLS files. */
export interface TlsFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export function tlsFiles(paths: WorkloadPaths): TlsFiles {
  return {
    caFile: within(paths.tls, "ca.pem"),
    certFile: within(paths.tls, "cert.pem"),
    keyFile: within(paths.tls, "key.pem"),
  };
}
