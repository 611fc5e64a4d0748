import { createHash } from "node:crypto";
import { createWriteStream, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Fetched } from "./checksum.ts";
import { makeFolder } from "./cache-folder.ts";
import { type ReleaseSite, siteAddress } from "./release-site.ts";
import { inWords, request } from "./request.ts";

const CHECKSUMS_MS = 20_000;
const ARCHIVE_MS = 15 * 60_000;

/** A release that cannot be had, which is no fault: the program is then built, or left out. */
export class Unreachable extends Error {}

/** An archive on this machine's disk. */
export interface Downloaded extends Fetched {
  readonly file: string;
}

export interface DownloadsArgs {
  readonly cache: string;
  readonly site: ReleaseSite;
  readonly env: NodeJS.ProcessEnv;
  /** The address of each source's archive: how often {@link Downloads.done} is called for it before it is removed. */
  readonly expected: readonly string[];
}

/** The archives of one run; those that several sources come from are fetched once. */
export class Downloads {
  readonly #args: DownloadsArgs;
  readonly #archives = new Map<string, Promise<Downloaded>>();
  readonly #waiting: string[];
  #folder: string | undefined;

  constructor(args: DownloadsArgs) {
    this.#args = args;
    this.#waiting = [...args.expected];
  }

  /**
   * @param address - where its publisher offers the archive
   * @throws {Unreachable} when the archive cannot be fetched
   */
  archive(address: string): Promise<Downloaded> {
    const known = this.#archives.get(address) ?? this.#download(address);
    this.#archives.set(address, known);
    return known;
  }

  /** @throws {Unreachable} when the text cannot be fetched */
  async text(address: string): Promise<string> {
    return this.#reaching(address, CHECKSUMS_MS, async (body) => {
      let text = "";
      body.setEncoding("utf8");
      for await (const chunk of body) text += String(chunk);
      return text;
    });
  }

  /** One source has what it needs of an archive; when it was the last one, the archive makes room. */
  async done(address: string): Promise<void> {
    const at = this.#waiting.indexOf(address);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (this.#waiting.includes(address)) return;
    const archive = await this.#archives.get(address)?.catch(() => undefined);
    if (archive !== undefined) rmSync(archive.file, { force: true });
    this.#archives.delete(address);
  }

  /** Removes what is left. */
  end(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  async #download(address: string): Promise<Downloaded> {
    this.#folder ??= makeFolderOfRun(this.#args.cache);
    const file = join(mkdtempSync(join(this.#folder, "archive.")), basename(new URL(address).pathname));
    return this.#reaching(address, ARCHIVE_MS, async (body) => {
      const hash = createHash("sha256");
      const hashing = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      };
      await pipeline(body, hashing, createWriteStream(file));
      return { address, file, sha256: hash.digest("hex") };
    });
  }

  /** Turns a fault of the network into {@link Unreachable}; a fault of the disk stays what it is. */
  async #reaching<T>(address: string, timeoutMs: number, read: (body: Body) => Promise<T>): Promise<T> {
    const at = siteAddress(address, this.#args.site);
    try {
      const { status, body } = await request(at, { timeoutMs, env: this.#args.env });
      if (status === 200) return await read(body);
      body.resume();
      throw new Unreachable(`${at} answers ${status}`);
    } catch (error) {
      if (error instanceof Unreachable || isOfDisk(error)) throw error;
      throw new Unreachable(`${at}: ${inWords(error as Error).message}`);
    }
  }
}

type Body = Awaited<ReturnType<typeof request>>["body"];

function isOfDisk(error: unknown): boolean {
  return ["open", "write", "mkdir", "mkdtemp"].includes((error as NodeJS.ErrnoException).syscall ?? "");
}

/** A folder that names its process, so that a later run removes what a killed one left. */
function makeFolderOfRun(cache: string): string {
  const work = join(cache, "work");
  makeFolder(work);
  for (const old of readdirSync(work)) {
    const pid = /^archives\.(\d+)\./.exec(old)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(work, old), { recursive: true, force: true });
  }
  return mkdtempSync(join(work, `archives.${process.pid}.`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
