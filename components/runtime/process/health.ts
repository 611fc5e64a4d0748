import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { toEndpoint } from "../../core/endpoint.ts";
import type { HealthTarget } from "./process-spec.ts";
import { TLS_FILES } from "./process-spec.ts";

const ANSWER_WITHIN_MS = 3_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 400;

/** Why a workload is not ready. */
export type Unready = { readonly kind: "exited" } | { readonly kind: "late"; readonly lastAnswer: string };

/**
 * Asks until the first 2xx, the deadline or the end of the process.
 *
 * @returns undefined when it is ready
 */
export async function waitUntilHealthy(
  target: HealthTarget,
  folder: string,
  isRunning: () => boolean,
): Promise<Unready | undefined> {
  const deadline = Date.now() + target.deadlineSeconds * 1000;
  let lastAnswer = "nothing";
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    if (!isRunning()) return { kind: "exited" };
    const answer = await ask(target, folder);
    // Only our own process may answer for itself.
    if (answer === "ready" && isRunning()) return undefined;
    lastAnswer = answer;
    if (Date.now() > deadline) return { kind: "late", lastAnswer };
    await sleep(pause);
  }
}

/** How long a program that was ready once may take to answer, in seconds: more than one question. */
const SILENT_AFTER_SECONDS = 5;

/**
 * Why a program that was ready once is so no longer; asks several times before it says so.
 *
 * @returns undefined when it answers, which takes one question
 */
export function findSilence(
  target: HealthTarget,
  folder: string,
  isRunning: () => boolean,
): Promise<Unready | undefined> {
  return waitUntilHealthy({ ...target, deadlineSeconds: SILENT_AFTER_SECONDS }, folder, isRunning);
}

/** `GET <url>` for a message. */
export function toHealthText(target: HealthTarget): string {
  return `GET ${toEndpoint(target.scheme, target, target.path)}`;
}

function ask(target: HealthTarget, folder: string): Promise<string> {
  return new Promise((resolve) => {
    const { host, port, path } = target;
    const options = { host, port, path, agent: false, timeout: ANSWER_WITHIN_MS };
    const send =
      target.scheme === "https"
        ? () => httpsRequest({ ...options, ...readClientCertificate(folder) })
        : () => httpRequest(options);
    try {
      const asked = send();
      asked.on("response", (response) => {
        const status = response.statusCode ?? 0;
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (body += body.length < 200 ? chunk : ""));
        response.on("error", (error) => resolve(error.message));
        response.on("end", () =>
          resolve(status >= 200 && status < 300 ? "ready" : `HTTP ${status} ${body.trim().slice(0, 200)}`),
        );
      });
      asked.on("timeout", () => asked.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)));
      asked.on("error", (error) => resolve(error.message));
      asked.end();
    } catch (error) {
      resolve((error as Error).message);
    }
  });
}

/** The workload's own leaf is also a client certificate: it may ask itself. */
function readClientCertificate(folder: string): { ca: Buffer; cert: Buffer; key: Buffer } {
  const read = (path: string) => readFileSync(join(folder, path));
  return { ca: read(TLS_FILES.ca), cert: read(TLS_FILES.cert), key: read(TLS_FILES.key) };
}
