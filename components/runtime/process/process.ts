import * as pulumi from "@pulumi/pulumi";
import { hashOf } from "../../core/hash.ts";
import { moduleProvider } from "../../security/module-provider.ts";
import type { ProcessPlan } from "./process-spec.ts";

export interface ProcessArgs {
  readonly plan: ProcessPlan;
  /** TLS and secret files: path below the process's folder to content. */
  readonly secretFiles: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * One program running detached on this machine, out of a folder of its own. Restarted in place exactly when
 * its plan or a secret changes or it died; deleted with everything in its folder.
 *
 * Secret files and the digest over them are secrets of the stack, so neither is ever in plain form in the
 * state.
 */
export class Process extends pulumi.dynamic.Resource {
  declare readonly ready: pulumi.Output<boolean>;
  /** Number of the process; changes with every restart. */
  declare readonly pid: pulumi.Output<number>;

  constructor(name: string, { plan, secretFiles }: ProcessArgs, opts: pulumi.CustomResourceOptions = {}) {
    const secrets = pulumi.secret(pulumi.all(secretFiles));
    super(
      moduleProvider("components/runtime/process/provider.ts", "processProvider"),
      name,
      {
        ...plan,
        secretFiles: secrets,
        secretHash: secrets.apply(hashOf),
        pid: undefined,
        ready: undefined,
      },
      opts,
      "gpuobs/runtime",
      "Process",
    );
  }
}
