import type * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../core/errors.ts";
import type { Delivery, Deployed, Runtime } from "../runtime.ts";
import type { Workload } from "../workload.ts";
import { PROCESS_PATHS, within } from "../workload.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { planProcess, TLS_FILES } from "./process-spec.ts";
import { Process } from "./process.ts";

export interface ProcessRuntimeArgs {
  /** Folder that holds `workloads/<name>/` of every process. */
  readonly stateFolder: string;
  /** The command of a program: absolute path first, then leading arguments. */
  readonly resolveProgram: (program: string) => readonly string[];
  /** Largest size of one workload's log in MiB. @default 20 */
  readonly logCapMiB?: number;
}

/** Runs workloads as processes of this machine: no container, no cluster, no root. */
export class ProcessRuntime implements Runtime {
  private readonly args: ProcessRuntimeArgs;

  constructor(args: ProcessRuntimeArgs) {
    this.args = args;
  }

  /** @throws ConfigError when a secret or certificate the workload needs was not delivered */
  deploy(workload: Workload, delivery: Delivery, opts: pulumi.CustomResourceOptions): Deployed {
    const { stateFolder, resolveProgram, logCapMiB = 20 } = this.args;
    const command = resolveProgram(workload.program);
    const plan = planProcess(workload, { stateFolder, command, fingerprint: fingerprintOf(command), logCapMiB });
    return new Process(`${workload.name}-process`, { plan, secretFiles: secretFilesOf(workload, delivery) }, opts);
  }
}

function secretFilesOf(workload: Workload, delivery: Delivery): Record<string, pulumi.Input<string>> {
  const files: Record<string, pulumi.Input<string>> = {};
  for (const [path, name] of Object.entries(workload.secretFiles)) {
    files[within(PROCESS_PATHS.secrets, path)] = delivery.secrets[name] ?? missing(workload, `secret ${name}`);
  }
  if (workload.certificate !== undefined) {
    const { certPem, keyPem, caPem } = delivery.certificate ?? missing(workload, "a certificate");
    Object.assign(files, { [TLS_FILES.cert]: certPem, [TLS_FILES.key]: keyPem, [TLS_FILES.ca]: caPem });
  }
  return files;
}

function missing(workload: Workload, what: string): never {
  throw new ConfigError([
    {
      path: `workload ${workload.name}`,
      expected: what,
      got: "none",
      fix: "deliver it where the Service of the workload is made",
    },
  ]);
}
