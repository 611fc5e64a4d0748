// The engine starts this file, with the Node it finds on PATH. It is JavaScript so that an older Node can read it and say
// which one is needed; the program itself is TypeScript, which Node runs by itself from version 24 on.
import pulumi from "@pulumi/pulumi";

const OLDEST = 24;

/** @returns the outputs of the stack */
export default async function run() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < OLDEST) {
    throw new pulumi.RunError(
      `Node.js on PATH: expected version ${OLDEST} or newer, got ${process.versions.node} (${process.execPath})\n` +
        '  fix: PATH="$PWD/node_modules/node/bin:$PATH" pulumi up',
    );
  }
  const outputs = Object.entries(await import("./index.ts"));
  return Object.fromEntries(outputs.filter(([, value]) => value !== undefined));
}
