import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { PROJECT_ROOT } from "./folders.ts";

/** Where commands keep it; tests give it to the engine too, since each of their environments is new. */
export const COMPILED_CODE = join(PROJECT_ROOT, "node_modules", ".cache", "compiled");

/**
 * Keeps the compiled form of every module this process imports from now on, beside the dependencies: half of what a short
 * command takes is stripping types and compiling. Where the folder cannot be written, everything is compiled each time.
 */
export function keepCompiledCode(): void {
  enableCompileCache(COMPILED_CODE);
}
