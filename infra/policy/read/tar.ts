import { existsSync, readFileSync } from "node:fs";

const BLOCK = 512;

/**
 * The files of a POSIX tar, by path: what `components/runtime/ssh/tar.ts` writes.
 *
 * @param isWanted - says by its path whether a file is read. @default all are
 */
export function readTar(
  bytes: Buffer,
  isWanted: (path: string) => boolean = () => true,
): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  let offset = 0;
  while (offset + BLOCK <= bytes.length && bytes[offset] !== 0) {
    const path = textOf(bytes.subarray(offset, offset + 100));
    const size = Number.parseInt(textOf(bytes.subarray(offset + 124, offset + 136)), 8);
    const start = offset + BLOCK;
    if (isWanted(path)) files[path] = bytes.subarray(start, start + size).toString("utf8");
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? field.length : end).trim();
}

/** What a rule can judge: the programs that install it are the same on every host, and ours. */
const JUDGED = /^(plan$|units\/|config\/)/;

/**
 * The files of a bundle that the engine is given as an asset, where it lies on this machine and as far as a rule looks
 * at them; else nothing.
 */
export async function openBundle(source: unknown): Promise<Readonly<Record<string, string>>> {
  if (source === undefined) return {};
  // A promise behind the proxy that watches for unknown values cannot be awaited; this is the SDK's way past it.
  const { __getSpecialProxyTarget: asset } = source as {
    readonly __getSpecialProxyTarget: { readonly path?: Promise<string> };
  };
  const path = await asset.path;
  return path === undefined || !existsSync(path) ? {} : readTar(readFileSync(path), (file) => JUDGED.test(file));
}
