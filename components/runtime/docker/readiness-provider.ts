import { setTimeout as sleep } from "node:timers/promises";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { hashOf } from "../../core/hash.ts";
import { toEndpoint } from "../../core/endpoint.ts";
import type { ProviderModule } from "../../security/module-provider.ts";
import type { Probe } from "./container-plan.ts";

const ANSWER_WITHIN_MS = 3_000;
const PAUSE_MS = 250;

export interface ReadinessInputs {
  readonly probe: Probe;
  readonly container: string;
  readonly containerId: string;
  readonly identity: { readonly caPem?: string; readonly certPem?: string; readonly keyPem?: string };
}

export interface ReadinessState {
  readonly containerId: string;
  readonly probeHash: string;
  readonly ready: boolean;
}

/** Methods of the dynamic resource `Readiness`. */
export const readinessProvider: ProviderModule<ReadinessInputs, ReadinessState> = {
  create: async (inputs) => ({ id: inputs.container, outs: await ask(inputs) }),
  read: async (id, props) => ({ id, props }),
  diff: async (_id, state, inputs) => ({
    changes: !state.ready || state.containerId !== inputs.containerId || state.probeHash !== hashOf(inputs.probe),
  }),
  update: async (_id, _state, inputs) => ({ outs: await ask(inputs) }),
  delete: async () => undefined,
};

async function ask({ probe, container, containerId, identity }: ReadinessInputs): Promise<ReadinessState> {
  const deadline = Date.now() + probe.deadlineSeconds * 1000;
  for (;;) {
    const answer = await answerOf(probe, identity);
    if (answer === "ready") return { containerId, probeHash: hashOf(probe), ready: true };
    if (Date.now() > deadline) throw new Error(toText(probe, container, answer));
    await sleep(PAUSE_MS);
  }
}

function toText({ scheme, address, port, path, deadlineSeconds }: Probe, container: string, answer: string): string {
  const url = toEndpoint(scheme, { host: address, port }, path);
  return `${container} is not ready after ${deadlineSeconds} s: GET ${url} gave ${answer}; see docker logs ${container}`;
}

function answerOf(probe: Probe, { caPem, certPem, keyPem }: ReadinessInputs["identity"]): Promise<string> {
  const { scheme, address: host, port, path, serverName } = probe;
  const options: RequestOptions = { host, port, path, agent: false, timeout: ANSWER_WITHIN_MS };
  const tls = { servername: serverName, ca: caPem, cert: certPem, key: keyPem };
  return new Promise((resolve) => {
    const asked = scheme === "https" ? httpsRequest({ ...options, ...tls }) : httpRequest(options);
    asked.on("response", (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      resolve(status >= 200 && status < 300 ? "ready" : `HTTP ${status}`);
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)));
    asked.on("error", (error) => resolve(error.message));
    asked.end();
  });
}
