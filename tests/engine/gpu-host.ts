import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { type HostArchitecture, type HostProgram, planHostProgram } from "../../components/runtime/ssh/host-program.ts";
import { CATALOGUE, entriesOf } from "../../infra/toolchain/catalogue.ts";
import type { RealHost } from "../hosts/real-host.ts";
import { hostLayer, runToEnd } from "../support/host-layers.ts";
import { program } from "../support/programs.ts";

/** Folder of the host that plays the operator's mirror of official archives. */
const MIRROR = "/srv/mirror";
/** Where the stand-in for a DCGM exporter is. */
const EXPORTER = "/usr/local/bin/dcgm-exporter";
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
  host.addLayer(await gpuHostLayer());
  await host.boot();
  const { status, stderr } = await host.ssh(
    `systemd-run --unit=dcgm-stand-in -p Restart=always ${EXPORTER} -a 127.0.0.1:${DCGM_PORT}`,
  );
  if (status !== 0) throw new Error(`${host.name}: ${stderr}`);
  const { address, here } = host;
  return { address, here, hostKey: host.hostKey(), privateKey: host.privateKey(), mirror: `file://${MIRROR}` };
}

/** The mirror and the exporter, made once for all hosts: packing the programs takes longer than booting. */
function gpuHostLayer(): Promise<string> {
  const stand = join(import.meta.dirname, "..", "hosts", "fakes", "dcgm-exporter");
  const recipe = [...FETCHED.map((name) => `${program(name)} ${JSON.stringify(archiveOf(name))}`), readFileSync(stand)];
  return hostLayer(recipe.join("\n"), async (folder) => {
    for (const name of FETCHED) await fillMirror(join(folder, MIRROR), name);
    mkdirSync(join(folder, dirname(EXPORTER)), { recursive: true });
    copyFileSync(stand, join(folder, EXPORTER));
    chmodSync(join(folder, EXPORTER), 0o755);
  });
}

/** Puts a program's archive and the list of its digest where a host looks for them. */
async function fillMirror(mirror: string, name: string): Promise<void> {
  const { url, member, list } = archiveOf(name);
  const root = mkdtempSync(join(tmpdir(), "gpu-observability-mirror-"));
  try {
    const inside = join(root, member.replaceAll("*/", `${name}-official/`));
    mkdirSync(dirname(inside), { recursive: true });
    symlinkSync(program(name), inside);
    mkdirSync(mirror, { recursive: true });
    const file = join(mirror, basename(url));
    await runToEnd("tar", ["-C", root, "-chf", file, "--use-compress-program=gzip -1", "."]);
    const sum = createHash("sha256").update(readFileSync(file)).digest("hex");
    if (list !== undefined) writeFileSync(join(mirror, basename(list)), `${sum}  ${basename(url)}\n`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
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
