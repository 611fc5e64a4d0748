import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Architecture } from "../../../infra/toolchain/catalogue.ts";
import type { ChecksumForm, Layout } from "./layouts.ts";
import { makeZip } from "./zip.ts";

/** A file of a mirror: its address without a scheme, and what it holds. */
export interface Served {
  readonly address: string;
  readonly content: Buffer;
}

/** What a program's file in an archive holds: a text, or a file of this machine. */
export type ContentOf = (program: string) => { readonly text: string } | { readonly file: string };

export const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

/** The archive and the list of checksums of one release, as its publisher lays them out. */
export function packRelease(layout: Layout, architecture: Architecture, contentOf: ContentOf): readonly Served[] {
  const arch = layout.arch?.[architecture] ?? architecture;
  const fill = (text: string) => text.replaceAll("{arch}", arch);
  const name = fill(layout.archive);
  const content = packArchive(layout, fill, contentOf);
  const list = fill(layout.checksums.name);
  return [
    { address: `${layout.at}/${name}`, content },
    { address: `${layout.at}/${list}`, content: Buffer.from(toList(layout.checksums.form, name, sha256(content))) },
  ];
}

function packArchive(
  { archive, folder, members }: Layout,
  fill: (text: string) => string,
  contentOf: ContentOf,
): Buffer {
  const root = mkdtempSync(join(tmpdir(), "release-mirror-"));
  try {
    const top = join(root, fill(folder));
    for (const [path, program] of Object.entries(members)) writeMember(join(top, fill(path)), program, contentOf);
    if (archive.endsWith(".zip")) {
      const names = Object.keys(members).map(fill);
      return makeZip(Object.fromEntries(names.map((name) => [name, readFileSync(join(top, name))])));
    }
    const file = `${root}.tar.gz`;
    const packer = "--use-compress-program=gzip -1";
    execFileSync("tar", [packer, "-cf", file, "-C", root, folder === "" ? "." : fill(folder)]);
    const packed = readFileSync(file);
    rmSync(file);
    return packed;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeMember(file: string, program: string, contentOf: ContentOf): void {
  mkdirSync(dirname(file), { recursive: true });
  if (program === "text") return writeFileSync(file, "a file of the archive that nothing starts\n");
  const content = contentOf(program);
  if ("file" in content) cpSync(content.file, file, { dereference: true });
  else writeFileSync(file, content.text);
  chmodSync(file, 0o755);
}

/** Lists name other archives of the release before and after the one that is meant. */
function toList(form: ChecksumForm, name: string, sum: string): string {
  const others = ["linux-riscv64.tar.gz", "windows-amd64.zip"].map((end) => [sha256(Buffer.from(end)), end]);
  const [before = [], after = []] = others;
  const lines = [before, [sum, name], after];
  switch (form) {
    case "bare":
      return `${sum}\n`;
    case "dist":
      return `${sum}  dist/${name}\n`;
    case "binary":
      return lines.map(([digest, file]) => `${digest} *${file}\n`).join("");
    case "text":
      return lines.map(([digest, file]) => `${digest}  ${file}\n`).join("");
  }
}
