import { request } from "./request.ts";

const PROBE_MS = 3_000;

/** Whether an archive can be asked for; `reason` says why not. */
export type Reach = { readonly reached: true } | { readonly reached: false; readonly reason: string };

/**
 * Whether the server of a release answers: a machine without a way to it is to notice that within seconds.
 *
 * The archive's own address is asked: the root of a server says nothing about its files. A server that does not answer
 * at all is asked once, one that answers well is not asked again.
 */
export class Reachability {
  readonly #answers = new Map<string, Promise<Reach>>();
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  async reach(address: string): Promise<Reach> {
    const { origin } = new URL(address);
    const known = await this.#answers.get(origin);
    if (known !== undefined) return known;
    const { answered, ...reach } = await this.#probe(address);
    // A refusal is about one file; silence is about the server.
    if (reach.reached || !answered) this.#answers.set(origin, Promise.resolve(reach));
    return reach;
  }

  async #probe(address: string): Promise<Reach & { readonly answered: boolean }> {
    try {
      const options = { method: "HEAD", timeoutMs: PROBE_MS, follow: false, env: this.#env } as const;
      const { status, body } = await request(address, options);
      body.resume();
      if (status < 500 && status !== 403 && status !== 407) return { reached: true, answered: true };
      return { reached: false, answered: true, reason: `${address} answers ${status}` };
    } catch (error) {
      return { reached: false, answered: false, reason: `${address}: ${(error as Error).message}` };
    }
  }
}
