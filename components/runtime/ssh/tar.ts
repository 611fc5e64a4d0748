/** One file of an archive. */
export interface TarEntry {
  readonly path: string;
  readonly content: string;
  /** Whether it may be run. @default false */
  readonly executable?: boolean;
}

const BLOCK = 512;
/** Longest path a plain header holds. */
export const LONGEST_PATH = 100;

/**
 * A POSIX tar whose bytes depend on the entries alone: no time, no owner, in the order of the paths.
 *
 * Written here because the packages that write one are streams with a clock, and a digest of it names the version.
 *
 * @throws {RangeError} when a path is longer than {@link LONGEST_PATH} bytes
 */
export function toTar(entries: readonly TarEntry[]): Buffer {
  const sorted = [...entries].sort((left, right) => (left.path < right.path ? -1 : 1));
  return Buffer.concat([...sorted.flatMap(toBlocks), Buffer.alloc(2 * BLOCK)]);
}

function toBlocks({ path, content, executable = false }: TarEntry): Buffer[] {
  if (Buffer.byteLength(path) > LONGEST_PATH) throw new RangeError(`${path}: longer than ${LONGEST_PATH} bytes`);
  const body = Buffer.from(content, "utf8");
  const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
  return [toHeader(path, body.length, executable ? 0o755 : 0o644), body, padding];
}

function toHeader(path: string, size: number, mode: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, "0") + "\0";
  header.write(path, 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(sum.toString(8).padStart(6, "0") + "\0 ", 148);
  return header;
}
