import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type HostArchitecture, type HostProgram, planHostProgram } from "../../components/runtime/ssh/host-program.ts";
import { CATALOGUE, entriesOf } from "../../infra/toolchain/catalogue.ts";
import type { RealHost } from "../hosts/real-host.ts";
import { program } from "../support/programs.ts";

/** Folder of the host that plays the operator's mirror of official archives. */
const MIRROR = "/srv/mirror";
const FETCHED = ["otelcol", "node_exporter"] as const;
const DCGM_PORT = 9400;

/** What a stack is told of a host that was made ready. */
export interface ReadyHost {
  readonly address: string;
  /** Address of this end of its cable. */
  readonly here: string;
  readonly hostKey: string;
  readonly privateKey: string;
  readonly mirror: string;
}

/**
 * A booted host as an operator hands it over: sshd, a mirror of the archives it fetches (the toolchain's programs under
 * the official names, since no publisher is reached), and a DCGM exporter that is already there: a stand-in, it has no GPU.
 */
export async function bootGpuHost(host: RealHost): Promise<ReadyHost> {
  await host.boot();
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-mirror-"));
  try {
    for (const name of FETCHED) await fillMirror(host, name, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const exporter = readFileSync(join(import.meta.dirname, "..", "hosts", "fakes", "dcgm-exporter"));
  await must(host, "cat > /usr/local/bin/dcgm-exporter && chmod 755 /usr/local/bin/dcgm-exporter", exporter);
  await must(
    host,
    `systemd-run --unit=dcgm-stand-in -p Restart=always /usr/local/bin/dcgm-exporter -a 127.0.0.1:${DCGM_PORT}`,
  );
  const { address, here } = host;
  return { address, here, hostKey: host.hostKey(), privateKey: host.privateKey(), mirror: `file://${MIRROR}` };
}

/** Puts a program's archive and the list of its digest where a host looks for them. */
async function fillMirror(host: RealHost, name: string, folder: string): Promise<void> {
  const { url, member, list } = archiveOf(name);
  const root = join(folder, name);
  const inside = member.replaceAll("*/", `${name}-official/`);
  spawnSync("mkdir", ["-p", join(root, inside, "..")]);
  symlinkSync(program(name), join(root, inside));
  const file = join(folder, basename(url));
  const packed = spawnSync("tar", ["-C", root, "-chf", file, "--use-compress-program=gzip -1", "."]);
  if (packed.status !== 0) throw new Error(`tar: ${packed.stderr.toString()}`);
  const bytes = readFileSync(file);
  const sum = createHash("sha256").update(bytes).digest("hex");
  await must(host, `mkdir -p ${MIRROR} && cat > ${MIRROR}/${basename(url)}`, bytes);
  if (list !== undefined) await must(host, `echo '${sum}  ${basename(url)}' > ${MIRROR}/${basename(list)}`);
}

function archiveOf(name: string) {
  const [entry] = entriesOf([name], CATALOGUE);
  const { version = "", release } = entry?.source ?? {};
  const member = entry?.program.member;
  if (release === undefined || member === undefined) throw new Error(`versions.json: ${name} has no release`);
  const planned: HostProgram = planHostProgram({ version, release, member }, `file://${MIRROR}`);
  const build = planned.builds[process.arch === "arm64" ? "arm64" : ("amd64" as HostArchitecture)];
  if (build?.kind !== "archive" || build.member === undefined) throw new Error(`${name}: no archive`);
  const { checksum } = build;
  return { url: build.url, member: build.member, list: "listUrl" in checksum ? checksum.listUrl : undefined };
}

async function must(host: RealHost, command: string, input: string | Buffer = ""): Promise<void> {
  const { status, stderr } = await host.ssh(command, input);
  if (status !== 0) throw new Error(`${host.name}: ${command}: ${stderr}`);
}
