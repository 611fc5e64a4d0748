/** Where something listens. */
export interface Port {
  readonly host: string;
  readonly port: number;
}

/** A collector that a bench starts. */
export interface BenchCollector {
  readonly name: string;
  readonly config: object | string;
  readonly listens: Port;
  /** Variables that a deployment sets. */
  readonly env: Readonly<Record<string, string>>;
}

/** Files of every collector of a bench, below its own folder. */
export const TLS_FILES = { ca: "tls/ca.pem", cert: "tls/cert.pem", key: "tls/key.pem" } as const;
export const TOKEN_FILE = "secrets/otlp-token";

export const SERVER_TLS = { cert_file: TLS_FILES.cert, key_file: TLS_FILES.key, client_ca_file: TLS_FILES.ca };
export const CLIENT_TLS = { cert_file: TLS_FILES.cert, key_file: TLS_FILES.key, ca_file: TLS_FILES.ca };
/** The extension that asks for the token. */
export const TOKEN = { bearertokenauth: { filename: TOKEN_FILE, scheme: "Bearer" } };

export function toText({ host, port }: Port): string {
  return `${host}:${port}`;
}
