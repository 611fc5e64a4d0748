import type { Placement } from "./placement.ts";
import { type Listener, tlsFiles, type WorkloadPaths } from "./workload.ts";

/** Every port of a placement as a listener that asks for a client certificate. */
export function mutualTlsListeners<Name extends string>({ bind, ports }: Placement<Name>): Record<Name, Listener> {
  const listener = (port: number): Listener => ({ host: bind, port, protocol: "tcp", access: "mtls" });
  return Object.fromEntries(Object.entries<number>(ports).map(([name, port]) => [name, listener(port)])) as Record<
    Name,
    Listener
  >;
}

/** A web configuration file of the Prometheus exporter toolkit: mutual TLS, nothing older than 1.2. */
export function renderWebConfig(paths: WorkloadPaths): object {
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  return {
    tls_server_config: {
      cert_file: certFile,
      key_file: keyFile,
      client_auth_type: "RequireAndVerifyClientCert",
      client_ca_file: caFile,
      min_version: "TLS12",
    },
  };
}

/** TLS of a server built on dskit (Loki, Tempo). */
export function renderDskitServerTls(paths: WorkloadPaths): object {
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  return {
    cert_file: certFile,
    key_file: keyFile,
    client_auth_type: "RequireAndVerifyClientCert",
    client_ca_file: caFile,
  };
}

/**
 * TLS of a gRPC client built on dskit: the parts of one process call each other over the network, too. They
 * check the certificate for the workload's name, whatever address they found each other by.
 */
export function renderDskitClientTls({ paths, name }: Placement): object {
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  return {
    tls_enabled: true,
    tls_cert_path: certFile,
    tls_key_path: keyFile,
    tls_ca_path: caFile,
    tls_server_name: name,
  };
}
