import { planDeployables } from "../deploy/plan.ts";
import { isOwnProgram } from "../deploy/programs.ts";
import { readEnvironment } from "../environment/load.ts";
import { planTopology } from "../topology/plan.ts";
import { ENGINE_PROGRAMS, KUBERNETES_PLUGIN } from "./engine-environment.ts";
import { PROJECT_ROOT } from "./folders.ts";

/** Programs that check configurations: not part of any environment. */
export const CHECKERS = ["promtool", "amtool"] as const;

/** Every program that `local` and the tests run. */
export function localPrograms(): readonly string[] {
  const deployables = planDeployables(planTopology(readEnvironment(PROJECT_ROOT, "local")));
  const programs = deployables.map(({ workload }) => workload.program).filter((name) => !isOwnProgram(name));
  return [...new Set([...ENGINE_PROGRAMS, ...programs, ...CHECKERS])];
}

/** A Kubernetes cluster without kubelets: kwok answers for its nodes. Tests alone run it. */
export const CLUSTER_PROGRAMS = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

/** What previews a stack that runs on Kubernetes. */
export function previewPrograms(): readonly string[] {
  return [...ENGINE_PROGRAMS, KUBERNETES_PLUGIN];
}

/** What the tests against a real API server run. No part of `npm start`: it takes a quarter of an hour to build. */
export function kubernetesPrograms(): readonly string[] {
  return [...previewPrograms(), ...CLUSTER_PROGRAMS];
}
