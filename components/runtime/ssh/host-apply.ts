import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type SshConnection, sudoPassword, sudoPrefix, type toConnectionArgs } from "./connection.ts";
import { BOOTSTRAP_SCRIPT, REMOVE_SCRIPT } from "./host-scripts.ts";
import type { HostBundle } from "./plan-bundle.ts";
import { toSecretsInput } from "./secrets.ts";

export interface HostApplyArgs {
  /** Name of the host: a removal leaves a machine alone that has another by now. */
  readonly host: string;
  readonly connection: SshConnection;
  /** The connection as the plugin takes it. */
  readonly reach: ReturnType<typeof toConnectionArgs>;
  readonly bundle: Pick<HostBundle, "version" | "sha256">;
  /** `<workload>/<path>` to text; all secret. */
  readonly secretFiles: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * Runs `apply` on a host: again whenever its bundle or a secret changes, and `remove` when the host goes. The command's
 * text is the same for every version but for two words, and holds no secret: those go to standard input.
 */
export class HostApply extends remote.Command {
  constructor(
    name: string,
    { host, connection, reach, bundle, secretFiles }: HostApplyArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
    const run = (script: string, ...words: readonly string[]) =>
      [`${sudoPrefix(connection)}sh -c '${script}' gpu-observability`, ...words].join(" ");
    const password = sudoPassword(connection);
    super(
      name,
      {
        connection: reach,
        // Its words name the bundle, so another bundle is another text, and an update runs it again. Not `triggers`:
        // they may replace the command, and the delete of the replaced one would remove what was just installed.
        create: run(BOOTSTRAP_SCRIPT, bundle.version, bundle.sha256),
        delete: run(REMOVE_SCRIPT, host),
        stdin: pulumi.secret(
          pulumi.all([pulumi.all(secretFiles), password]).apply(([files, text]) => toSecretsInput(files, text)),
        ),
        // It would be set as a variable of the session, which sshd refuses.
        addPreviousOutputInEnv: false,
      },
      // The plugin keeps what a command wrote in the plain, also of one with a secret input.
      { deleteBeforeReplace: true, additionalSecretOutputs: ["stdout", "stderr"], ...opts },
    );
  }

  /** True once every changed service has answered. */
  get ready(): pulumi.Output<boolean> {
    return this.stdout.apply(() => true);
  }
}
