import type { ProviderModule } from "../../security/module-provider.ts";
import { findSilence } from "./health.ts";
import { findRunning } from "./process-record.ts";
import type { ProcessSpec } from "./process-spec.ts";
import { ensureProcess, type EnsureOptions } from "./start.ts";
import { removeWorkload } from "./stop.ts";

/**
 * What the engine's state remembers of a process. `planHash` and `secretHash` are inputs too, so the second
 * is stored as the secret it came from.
 */
export interface ProcessState {
  readonly folder: string;
  readonly planHash: string;
  readonly secretHash: string;
  readonly pid: number;
  /** Whether the process that was started still ran, and answered, when last looked at. */
  readonly ready: boolean;
}

/** Methods of the dynamic resource `Process`, called in the provider's process through its stub. */
export const processProvider: ProviderModule<ProcessSpec, ProcessState> = {
  create: async (spec) => ({ id: spec.name, outs: await ensure(spec) }),

  /** A refresh notices a process that died, another that took its number, and one that runs and does not answer. */
  read: async (id, state) => ({ id, props: { ...state, ready: isOurs(state) && (await isAnswering(state)) } }),

  /** Looks at the machine as well: what died since the last update comes back without a refresh. */
  diff: async (_id, state, spec) => ({
    changes:
      state.planHash !== spec.planHash ||
      state.secretHash !== spec.secretHash ||
      state.folder !== spec.folder ||
      !state.ready ||
      !isOurs(state),
    replaces: state.folder === spec.folder ? [] : ["folder"],
    deleteBeforeReplace: true,
  }),

  update: async (_id, state, spec) => ({ outs: await ensure(spec, { wasSilent: !state.ready && isOurs(state) }) }),

  delete: async (_id, state) => removeWorkload(state.folder),
};

async function ensure(spec: ProcessSpec, options: EnsureOptions = {}): Promise<ProcessState> {
  const { folder, planHash, secretHash } = spec;
  try {
    const { pid } = await ensureProcess(spec, options);
    return { folder, planHash, secretHash, pid, ready: true };
  } catch (error) {
    throw toInitFailure(spec, { folder, planHash, secretHash, pid: 0, ready: false }, error);
  }
}

function isOurs(state: ProcessState): boolean {
  return findRunning(state.folder)?.pid === state.pid;
}

/** Asks where the process was started to answer; its state says nothing of that. */
async function isAnswering(state: ProcessState): Promise<boolean> {
  const { health } = findRunning(state.folder) ?? {};
  return health === undefined || (await findSilence(health, state.folder, () => isOurs(state))) === undefined;
}

/**
 * An error the engine records the resource with: its folder holds the log that says why, the next update
 * tries again and a destroy cleans it up. The engine looks for these properties on the error, and adds the
 * text of the provider, which it needs for the destroy, to good results only.
 */
function toInitFailure(spec: ProcessSpec & { readonly __provider?: string }, state: ProcessState, error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  const properties = { ...state, ...(spec.__provider === undefined ? {} : { __provider: spec.__provider }) };
  return Object.assign(new Error(message), { id: spec.name, properties, reasons: [message] });
}
