import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, posix } from "node:path";
import type { SFTPWrapper } from "ssh2";
import type { ResourceKind } from "../resource-kind.ts";
import { type Asset, changedProperties, toAsset, type Properties } from "../values.ts";
import { onHost, type SshConnection } from "./ssh.ts";

interface CopyInputs {
  readonly connection: SshConnection;
  readonly remotePath: string;
  readonly source: unknown;
}

/** `command:remote:CopyToRemote`: copies a file, a text or a folder; takes nothing away again. */
export const copyToRemote: ResourceKind = {
  // As the official one: what it will have copied it does not say in a preview.
  unknownInPreview: ["source"],
  replacedBy: (changed) => changed.filter((name) => name === "triggers"),
  validate({ source }) {
    const { path, text } = toAsset(source) ?? {};
    if (path !== undefined || text !== undefined) return [];
    return [{ property: "source", reason: "Expected a FileAsset, StringAsset or FileArchive" }];
  },
  async create(inputs) {
    await copy(inputs);
    return { id: randomBytes(4).toString("hex"), outputs: {} };
  },
  async update({ olds, news }) {
    const changed = changedProperties(olds, news);
    if (changed.includes("source") || changed.includes("remotePath")) await copy(news);
    return {};
  },
};

function copy(inputs: Properties): Promise<void> {
  const { connection, remotePath, source } = inputs as unknown as CopyInputs;
  const asset = toAsset(source);
  if (asset === undefined) throw new Error("source: neither an asset nor an archive");
  return onHost(connection, async (client) => {
    const session = await new Promise<SFTPWrapper>((resolve, reject) =>
      client.sftp((error, opened) => (error === undefined ? resolve(opened) : reject(error))),
    );
    await copyAsset(new RemoteFiles(session), asset, remotePath);
  });
}

/** A folder goes into the remote one under its own name, or, with a slash at its end, without. */
async function copyAsset(remote: RemoteFiles, { path, text }: Asset, remotePath: string): Promise<void> {
  if (path === undefined) return remote.write(remotePath, Buffer.from(text ?? ""));
  if (!statSync(path).isDirectory()) {
    const target = (await remote.kindOf(remotePath)) === "folder" ? posix.join(remotePath, basename(path)) : remotePath;
    return remote.write(target, readFileSync(path));
  }
  await remote.makeFolder(remotePath);
  await copyFolder(remote, path, path.endsWith("/") ? remotePath : posix.join(remotePath, basename(path)));
}

async function copyFolder(remote: RemoteFiles, path: string, remotePath: string): Promise<void> {
  await remote.makeFolder(remotePath);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const [from, to] = [join(path, entry.name), posix.join(remotePath, entry.name)];
    if (statSync(from).isDirectory()) await copyFolder(remote, from, to);
    else await remote.write(to, readFileSync(from));
  }
}

/** The files of a host. */
class RemoteFiles {
  private readonly session: SFTPWrapper;

  constructor(session: SFTPWrapper) {
    this.session = session;
  }

  kindOf(path: string): Promise<"folder" | "file" | undefined> {
    return new Promise((resolve) =>
      this.session.stat(path, (error, stats) => {
        if (error !== undefined) resolve(undefined);
        else resolve(stats.isDirectory() ? "folder" : "file");
      }),
    );
  }

  async makeFolder(path: string): Promise<void> {
    const kind = await this.kindOf(path);
    if (kind === "file") throw new Error(`remote path ${path} exists but is not a directory`);
    if (kind === "folder") return;
    await this.during(`failed to create remote directory ${path}`, (done) => this.session.mkdir(path, done));
  }

  write(path: string, content: Buffer): Promise<void> {
    return this.during(`failed to create remote file ${path}`, (done) => this.session.writeFile(path, content, done));
  }

  private during(what: string, work: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) =>
      work((error) => (error ? reject(new Error(`${what}: ${error.message}`)) : resolve())),
    );
  }
}
