import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngineProblems } from "./preflight.ts";

/**
 * Lets a preview go on where no engine answers on this machine. The docker plugin asks one whether it is there as soon as it
 * is configured, also with `disableDockerDaemonCheck` and for a preview, which then needs nothing more of it: so somebody
 * answers that one question, on a socket of its own, for as long as `use` runs.
 *
 * @param host - the engine that the environment names: it is asked by the plugin itself
 * @param use - is given variables for the process of the Pulumi engine; none where an engine answers
 */
export async function withPreviewedEngine<T>(
  host: string | undefined,
  use: (variables: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  if (host !== undefined || (await findEngineProblems()).length === 0) return use({});
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-preview-"));
  const socket = join(folder, "docker.sock");
  const server = createServer(({ url }, response) => {
    const isPing = url?.endsWith("/_ping") ?? false;
    response.writeHead(isPing ? 200 : 503, { "Api-Version": "1.44", "Content-Type": "text/plain" });
    response.end(isPing ? "OK" : "no engine runs here: this is a preview\n");
  });
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
    return await use({ DOCKER_HOST: `unix://${socket}` });
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
