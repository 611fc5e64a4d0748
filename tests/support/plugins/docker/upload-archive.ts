import { readFileSync } from "node:fs";
import type { Upload } from "./container-inputs.ts";

const BLOCK = 512;
const FILE = "0";
const FOLDER = "5";

/** A tar archive of one file, or of one folder where the name ends with a slash, as Go's writer has it. */
export function toArchive(upload: Upload): Buffer {
  const name = upload.file.replace(/^\/+/, "");
  const isFolder = name.endsWith("/");
  const content = contentOf(upload);
  if (isFolder && content.length > 0) throw new Error(`error with upload content: a folder has none: ${upload.file}`);
  const header = toHeader(upload, { name, size: content.length, type: isFolder ? FOLDER : FILE });
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * BLOCK)]);
}

function contentOf({ content = "", contentBase64 = "", source = "" }: Upload): Buffer {
  const given = [content, contentBase64, source].filter((value) => value !== "");
  const names = "'content', 'content_base64', or 'source'";
  if (given.length === 0) throw new Error(`error with upload content: one of ${names} must be set`);
  if (given.length > 1) throw new Error(`error with upload content: only one of ${names} can be set`);
  if (source !== "") return readFileSync(source);
  return contentBase64 === "" ? Buffer.from(content) : Buffer.from(contentBase64, "base64");
}

function toHeader(upload: Upload, { name, size, type }: { name: string; size: number; type: string }): Buffer {
  if (Buffer.byteLength(name) > 100)
    throw new Error(`upload: the name is longer than this stand-in can write: ${name}`);
  const mode = Number.parseInt(upload.permissions ?? (upload.executable === true ? "0744" : "0644"), 8);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, "0");
  header.write(name, 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(Number(upload.owner ?? 0), 8), 108);
  header.write(octal(Number(upload.group ?? 0), 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(Math.floor(Date.now() / 1000), 12), 136);
  header.write(" ".repeat(8), 148);
  header.write(type, 156);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148);
  return header;
}
