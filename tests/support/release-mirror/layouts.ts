import type { Architecture } from "../../../infra/toolchain/catalogue.ts";

/** How a publisher lays out one release. Written from upstream's own files, never from `versions.json`. */
export interface Layout {
  /** Key of `sources` in `versions.json`. */
  readonly source: string;
  /** Folder of the release on its server, without a scheme. */
  readonly at: string;
  /** Name of the archive; `{arch}` is the publisher's name of the processor. */
  readonly archive: string;
  /** @default Go's own names */
  readonly arch?: Readonly<Record<Architecture, string>>;
  /** Folder that holds everything in the archive; empty where there is none. */
  readonly folder: string;
  /** Path below that folder to the program of `versions.json` it is, or to `text` for any other file. */
  readonly members: Readonly<Record<string, string>>;
  readonly checksums: { readonly name: string; readonly form: ChecksumForm };
}

/**
 * How a list of checksums is written: `sha256sum`, `sha256sum -b`, with a folder before each name, or one digest alone.
 * Lists name every archive of the release.
 */
export type ChecksumForm = "text" | "binary" | "dist" | "bare";

const TEXT = "text";
const GITHUB = "github.com";
const prometheus = (name: string, version: string, programs: readonly string[]): Layout => ({
  source: name,
  at: `${GITHUB}/prometheus/${name}/releases/download/v${version}`,
  archive: `${name}-${version}.linux-{arch}.tar.gz`,
  folder: `${name}-${version}.linux-{arch}`,
  members: { ...Object.fromEntries(programs.map((program) => [program, program])), LICENSE: TEXT, NOTICE: TEXT },
  checksums: { name: "sha256sums.txt", form: "text" },
});
/** The archive of both Pulumi sources. Source: pulumi/pulumi v3.259.0, `scripts/prep-for-goreleaser.sh`. */
const pulumi = (source: string): Layout => ({
  source,
  at: `${GITHUB}/pulumi/pulumi/releases/download/v3.259.0`,
  archive: "pulumi-v3.259.0-linux-{arch}.tar.gz",
  arch: { amd64: "x64", arm64: "arm64" },
  folder: "pulumi",
  members: {
    pulumi: "pulumi",
    "pulumi-language-nodejs": "pulumi-language-nodejs",
    "pulumi-resource-pulumi-nodejs": "pulumi-resource-pulumi-nodejs",
    "pulumi-language-python": TEXT,
    "pulumi-resource-pulumi-python": TEXT,
    "pulumi-watch": TEXT,
  },
  checksums: { name: "pulumi-3.259.0-checksums.txt", form: "text" },
});

/** Every release of `versions.json`; sources: the release scripts of each project, as read for decision 23. */
export const LAYOUTS: readonly Layout[] = [
  pulumi("pulumi"),
  pulumi("pulumi-language-nodejs"),
  {
    source: "otelcol",
    at: `${GITHUB}/open-telemetry/opentelemetry-collector-releases/releases/download/v0.145.0`,
    archive: "otelcol-contrib_0.145.0_linux_{arch}.tar.gz",
    folder: "",
    members: { "otelcol-contrib": "otelcol", LICENSE: TEXT, "README.md": TEXT },
    checksums: { name: "opentelemetry-collector-releases_otelcol-contrib_checksums.txt", form: "text" },
  },
  prometheus("prometheus", "3.15.0", ["prometheus", "promtool"]),
  prometheus("alertmanager", "0.28.1", ["alertmanager", "amtool"]),
  prometheus("node_exporter", "1.12.1", ["node_exporter"]),
  {
    source: "tempo",
    at: `${GITHUB}/grafana/tempo/releases/download/v2.9.0`,
    archive: "tempo_2.9.0_linux_{arch}.tar.gz",
    folder: "",
    members: { tempo: "tempo", LICENSE: TEXT, "README.md": TEXT },
    checksums: { name: "SHA256SUMS", form: "text" },
  },
  {
    source: "loki",
    at: `${GITHUB}/grafana/loki/releases/download/v3.7.8`,
    archive: "loki-linux-{arch}.zip",
    folder: "",
    members: { "loki-linux-{arch}": "loki" },
    checksums: { name: "SHA256SUMS", form: "text" },
  },
  {
    source: "jaeger",
    at: `${GITHUB}/jaegertracing/jaeger/releases/download/v1.76.0`,
    archive: "jaeger-2.13.0-linux-{arch}.tar.gz",
    folder: "jaeger-2.13.0-linux-{arch}",
    members: { jaeger: "jaeger" },
    checksums: { name: "jaeger-2.13.0.sha256sum.txt", form: "binary" },
  },
  {
    source: "greptimedb",
    at: `${GITHUB}/GreptimeTeam/greptimedb/releases/download/v1.2.0`,
    archive: "greptime-linux-{arch}-v1.2.0.tar.gz",
    folder: "greptime-linux-{arch}-v1.2.0",
    members: { greptime: "greptimedb" },
    checksums: { name: "greptime-linux-{arch}-v1.2.0.sha256sum", form: "bare" },
  },
  {
    source: "grafana",
    at: "dl.grafana.com/grafana/release/13.2.3",
    archive: "grafana_13.2.3_36482603486_linux_{arch}.tar.gz",
    folder: "grafana-13.2.3",
    members: {
      "bin/grafana": "grafana",
      "conf/defaults.ini": TEXT,
      "public/build/runtime.js": TEXT,
      "data/plugins-bundled/prometheus/plugin.json": TEXT,
      VERSION: TEXT,
    },
    // As grafana/grafana#124709 shows it; up to 12.4.2 it was the digest alone.
    checksums: { name: "grafana_13.2.3_36482603486_linux_{arch}.tar.gz.sha256", form: "dist" },
  },
  {
    source: "etcd",
    at: `${GITHUB}/etcd-io/etcd/releases/download/v3.6.16`,
    archive: "etcd-v3.6.16-linux-{arch}.tar.gz",
    folder: "etcd-v3.6.16-linux-{arch}",
    members: { etcd: "etcd", etcdctl: TEXT, etcdutl: TEXT, "README.md": TEXT },
    checksums: { name: "SHA256SUMS", form: "text" },
  },
  {
    source: "kubernetes",
    at: "dl.k8s.io/v1.36.3",
    archive: "kubernetes-server-linux-{arch}.tar.gz",
    folder: "kubernetes",
    members: {
      "server/bin/kube-apiserver": "kube-apiserver",
      "server/bin/kube-controller-manager": "kube-controller-manager",
      "server/bin/kube-scheduler": "kube-scheduler",
      "server/bin/kubelet": TEXT,
    },
    checksums: { name: "kubernetes-server-linux-{arch}.tar.gz.sha256", form: "bare" },
  },
  {
    source: "pulumi-resource-kubernetes",
    at: `${GITHUB}/pulumi/pulumi-kubernetes/releases/download/v4.25.0`,
    archive: "pulumi-resource-kubernetes-v4.25.0-linux-{arch}.tar.gz",
    folder: "",
    members: { "pulumi-resource-kubernetes": "pulumi-resource-kubernetes", LICENSE: TEXT, "README.md": TEXT },
    checksums: { name: "pulumi-kubernetes_4.25.0_checksums.txt", form: "text" },
  },
];
