import { delimiter, join } from "node:path";
import { toolchainPath } from "../toolchain/toolchain.ts";
import { PROJECT_ROOT } from "./folders.ts";
import { passphraseVariables } from "./passphrase.ts";
import { pluginSources } from "./plugins.ts";

/** Programs the engine itself needs. */
export const ENGINE_PROGRAMS = ["pulumi", "pulumi-language-nodejs"] as const;

/** The engine's plugin for Kubernetes; where the engine can download it, it does so by itself. */
export const KUBERNETES_PLUGIN = "pulumi-resource-kubernetes";

/** The engine's own folder, by which its processes are known again. */
export function engineHome(folder: string): string {
  return join(folder, "pulumi-home");
}

/** Environment of the engine's commands on an environment whose state lies in `folder`. */
export function engineEnvironment(folder: string): NodeJS.ProcessEnv {
  const own = process.env;
  return {
    ...own,
    PATH: [...toolchainPath(ENGINE_PROGRAMS), join(PROJECT_ROOT, "node_modules", ".bin"), own["PATH"]].join(delimiter),
    PULUMI_HOME: engineHome(folder),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_BACKEND_URL: own["PULUMI_BACKEND_URL"] ?? `file://${folder}`,
    // The engine starts the program and the policy pack anew each time; compiled code is half of what they load.
    NODE_COMPILE_CACHE: own["NODE_COMPILE_CACHE"] ?? join(folder, "compiled"),
    ...passphraseVariables(folder, own),
    ...pluginSources(own),
  };
}
