import { randomBytes } from "node:crypto";
import type { Context, ResourceKind } from "../resource-kind.ts";
import type { Properties } from "../values.ts";
import { type Logging, logRun, type Ran, type Run, runHere, runThere } from "./run.ts";
import type { SshConnection } from "./ssh.ts";

/** Inputs that both kinds of command share. */
interface CommandInputs {
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly logging?: Logging;
  /** @default true */
  readonly addPreviousOutputInEnv?: boolean;
}

interface LocalInputs extends CommandInputs {
  readonly dir?: string;
  readonly interpreter?: readonly string[];
}

interface RemoteInputs extends CommandInputs {
  readonly connection: SshConnection;
}

type Execute = (inputs: Properties, run: Run) => Promise<Ran & { readonly both: string }>;

/** `command:local:Command` */
export const localCommand = commandKind((inputs, run) => {
  const { dir, interpreter = ["/bin/sh", "-c"] } = inputs as LocalInputs;
  return runHere(run, interpreter, dir);
});

/** `command:remote:Command` */
export const remoteCommand = commandKind((inputs, run) =>
  runThere(run, (inputs as unknown as RemoteInputs).connection),
);

function commandKind(execute: Execute): ResourceKind {
  const run = async (command: string, inputs: Properties, previous: Properties, { log }: Context): Promise<Ran> => {
    const { stdin, environment, logging = "stdoutAndStderr" } = inputs as CommandInputs;
    const { stdout, stderr } = await execute(inputs, {
      command,
      environment: { ...environment, ...previousOutput(inputs, previous) },
      ...(stdin === undefined ? {} : { stdin }),
    });
    await logRun({ stdout, stderr }, logging, log);
    return { stdout, stderr };
  };
  return {
    replacedBy: (changed) => changed.filter((name) => name === "triggers"),
    async create(inputs, context) {
      const { create } = inputs as CommandInputs;
      const id = `${context.name}${randomBytes(4).toString("hex")}`;
      const ran = create === undefined ? { stdout: "", stderr: "" } : await run(create, inputs, {}, context);
      return { id, outputs: { ...ran } };
    },
    async update({ olds, news }, context) {
      const { create, update = create } = news as CommandInputs;
      const before = { stdout: olds["stdout"], stderr: olds["stderr"] };
      return update === undefined ? before : { ...(await run(update, news, olds, context)) };
    },
    async delete(_id, state, context) {
      const command = (state as CommandInputs).delete;
      if (command !== undefined) await run(command, state, state, context);
    },
  };
}

function previousOutput({ addPreviousOutputInEnv }: CommandInputs, previous: Properties): Record<string, string> {
  if (addPreviousOutputInEnv === false) return {};
  const { stdout, stderr } = previous as Partial<Ran>;
  return {
    ...(stdout ? { PULUMI_COMMAND_STDOUT: stdout } : {}),
    ...(stderr ? { PULUMI_COMMAND_STDERR: stderr } : {}),
  };
}
