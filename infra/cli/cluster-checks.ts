// What `up` asks a cluster, loaded where there is one: the client alone is larger than all the rest of the command.
export { findClusterProblems } from "./preflight-kubernetes.ts";
export { findLeavingNamespaces } from "./preflight-namespaces.ts";
export { findUnfinishedRollouts } from "./rollout-kubernetes.ts";
export { fitVolumes } from "./volumes-kubernetes.ts";
