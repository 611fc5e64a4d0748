import * as pulumi from "@pulumi/pulumi";
import { moduleProvider } from "./module-provider.ts";

export interface RandomTokenArgs {
  /** Random bytes in it. @default 32 */
  readonly bytes?: number;
  /** Another number makes another token. @default 1 */
  readonly generation?: number;
}

/** A random token as base64url text, made once and kept as a secret of the stack. */
export class RandomToken extends pulumi.dynamic.Resource {
  /** The token; a secret. */
  declare readonly token: pulumi.Output<string>;

  constructor(name: string, args: RandomTokenArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const { bytes = 32, generation = 1 } = args;
    super(
      moduleProvider("components/security/providers.ts", "tokenProvider"),
      name,
      { bytes, generation, token: undefined },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["token"] }),
      "gpuobs/security",
      "RandomToken",
    );
  }
}
