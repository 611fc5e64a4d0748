import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findEngineProblems } from "../../components/runtime/docker/preflight.ts";
import { throwIfAny } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";
import { readOutputs, refuseUnlessIdle, runEngine } from "./engine.ts";
import { stateFolder } from "./folders.ts";
import { operatorFiles } from "./operator.ts";
import { prepare } from "./prepare.ts";

/** Brings an environment up and leaves the operator's certificate where the commands find it. */
export async function up(wanted: Environment): Promise<number> {
  refuseUnlessIdle(wanted);
  const prepared = await prepare(wanted);
  const { environment, deployables } = prepared;
  const runtimes = new Set(deployables.map(({ runtime }) => runtime));
  const cluster = runtimes.has("kubernetes") ? await import("./cluster-checks.ts") : undefined;
  throwIfAny([
    ...((await cluster?.findClusterProblems(environment)) ?? []),
    ...(runtimes.has("docker") ? await findEngineProblems(environment.docker.host) : []),
  ]);
  throwIfAny((await cluster?.findLeavingNamespaces(environment)) ?? []);
  await cluster?.fitVolumes(prepared);
  // A host that is down fails alone; the others go on.
  const more = runtimes.has("ssh") ? ["--continue-on-error"] : [];
  const command = ["up", "--yes", "--skip-preview", "--refresh", "--suppress-outputs", ...more];
  const code = await runEngine(environment, command);
  if (code !== 0 && more.length === 0) return code;
  await writeOperatorCertificate(environment);
  if (code !== 0) return code;
  throwIfAny((await cluster?.findUnfinishedRollouts(environment, deployables)) ?? []);
  return 0;
}

async function writeOperatorCertificate(environment: Environment): Promise<void> {
  const { operator } = (await readOutputs(environment)) as { operator?: { ca: string; cert: string; key: string } };
  if (operator === undefined) return;
  const { caFile, certFile, keyFile } = operatorFiles(environment);
  mkdirSync(join(stateFolder(environment.name), "operator"), { recursive: true, mode: 0o700 });
  writeFileSync(caFile, operator.ca, { mode: 0o600 });
  writeFileSync(certFile, operator.cert, { mode: 0o600 });
  writeFileSync(keyFile, operator.key, { mode: 0o600 });
}
