import { request, type RequestOptions } from "node:http";
import type { Problem } from "../../core/errors.ts";

const OWN_SOCKET = "unix:///var/run/docker.sock";
const ANSWER_WITHIN_MS = 5_000;

const FIXES: Readonly<Record<string, string>> = {
  ENOENT: "install and start Docker, or name another engine: DOCKER_HOST=<address> npm run up -- <stack>",
  ECONNREFUSED: "start Docker: systemctl start docker",
  EACCES: "join the group that may use Docker: usermod -aG docker <user>, then log in again",
};

/**
 * Asks an engine on a socket of this machine whether it is there, before anything is created. Engines behind ssh or TLS
 * are asked by the provider, with its own keys.
 *
 * @param host - where it listens. @default `DOCKER_HOST`, else this machine's own
 */
export async function findEngineProblems(host = process.env["DOCKER_HOST"] ?? OWN_SOCKET): Promise<readonly Problem[]> {
  if (!host.startsWith("unix://")) return [];
  const answer = await ping({ socketPath: host.slice("unix://".length), path: "/_ping", timeout: ANSWER_WITHIN_MS });
  if (answer === undefined) return [];
  const fix = FIXES[answer] ?? "see what it says of itself: docker info";
  return [{ path: `Docker engine ${host}`, expected: "an engine that answers", got: answer, fix }];
}

/** What went wrong, if anything did. */
function ping(options: RequestOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `HTTP ${response.statusCode}`);
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)));
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}
