import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { defaultCacheFolder } from "../../infra/toolchain/cache.ts";
import { withLock } from "../../infra/toolchain/lock.ts";

const SUITE = "bookworm";
const PACKAGES = "systemd,systemd-sysv,dbus,openssh-server,iproute2,curl,ca-certificates,rsyslog,logrotate,sudo";

/**
 * A folder that the disks of real hosts are laid over, made once per machine.
 *
 * @param recipe - what it is made of: another recipe is another folder
 * @param make - fills the folder it is given
 */
export async function hostLayer(recipe: string, make: (folder: string) => Promise<void>): Promise<string> {
  const digest = createHash("sha256").update(recipe).digest("hex").slice(0, 12);
  const home = join(defaultCacheFolder(), "hosts");
  const folder = join(home, digest);
  if (existsSync(folder)) return folder;
  const lock = join(defaultCacheFolder(), "locks", `host-${digest}.lock`);
  const onWait = (holder: string) => console.log(`the disk of real hosts: ${holder} is making it; waiting`);
  await withLock(lock, onWait, async () => {
    if (existsSync(folder)) return;
    const part = `${folder}.part`;
    // An attempt that was killed leaves what debootstrap mounts while it installs.
    for (const inside of ["proc", "sys", "dev"]) spawnSync("umount", ["--recursive", "--lazy", join(part, inside)]);
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    await make(part);
    renameSync(part, folder);
  });
  return folder;
}

/** A Debian with systemd and sshd. */
export function baseSystem(): Promise<string> {
  const args = ["--variant=minbase", `--include=${PACKAGES}`, SUITE];
  return hostLayer(args.join(" "), (folder) => runToEnd("debootstrap", [...args, folder]));
}

/** Not `spawnSync`: the lock is kept alive by this process. */
export function runToEnd(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], timeout: 600_000 });
    let text = "";
    child.stderr.on("data", (chunk: Buffer) => (text = `${text}${chunk.toString()}`.slice(-2000)));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${program}: ${text}`))));
  });
}
