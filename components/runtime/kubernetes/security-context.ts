import type { Workload } from "../workload.ts";
import type { PodSecurityContext, SecurityContext } from "./types.ts";

/** Nobody's id in an image: whatever the image says, no program runs as another. */
const USER = 10_001;

/** What a workload of a GPU node cannot work without. */
interface NodeNeeds {
  readonly user: number;
  /** Groups whose files it reads. */
  readonly groups: readonly number[];
  readonly capabilities: readonly string[];
}

const NOBODY: NodeNeeds = { user: 65_534, groups: [], capabilities: [] };

/**
 * Needs by service. Root without capabilities is root in name: it owns the queue's folder, which kubelet makes for root,
 * and reads logs that belong to root (Red Hat) or to the group adm, 4 in both families.
 */
const NODE_NEEDS: Readonly<Record<string, NodeNeeds>> = {
  agent: { user: 0, groups: [4], capabilities: [] },
  "node-exporter": NOBODY,
  // kubelet's socket of pod resources is root's.
  "dcgm-exporter": { user: 0, groups: [], capabilities: [] },
};

/** Pod Security `restricted`; a workload of a node gets the least it needs beyond. */
export function renderPodSecurity(workload: Workload): PodSecurityContext {
  const seccompProfile = { type: "RuntimeDefault" };
  const { user, groups } = needsOf(workload);
  return {
    runAsNonRoot: user !== 0,
    runAsUser: user,
    runAsGroup: user,
    // Volumes and secrets belong to this group; a large volume is walked once, not at every start.
    fsGroup: user,
    fsGroupChangePolicy: "OnRootMismatch",
    ...(groups.length === 0 ? {} : { supplementalGroups: [...groups] }),
    seccompProfile,
  };
}

export function renderContainerSecurity(workload: Workload): SecurityContext {
  const add = [...needsOf(workload).capabilities, ...(countsProfile(workload) ? ["SYS_ADMIN"] : [])];
  return {
    allowPrivilegeEscalation: add.includes("SYS_ADMIN"),
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"], ...(add.length === 0 ? {} : { add }) },
  };
}

function needsOf({ hostAccess, service }: Workload): NodeNeeds {
  if (hostAccess === undefined) return { user: USER, groups: [], capabilities: [] };
  return NODE_NEEDS[service] ?? NOBODY;
}

/**
 * Whether it reads DCGM's profiling counters, for which the driver asks for CAP_SYS_ADMIN unless the node's module
 * option `NVreg_RestrictProfilingToAdminUsers=0` lets everybody. All other counters need no capability.
 */
function countsProfile({ hostAccess, files }: Workload): boolean {
  return hostAccess?.gpus === true && Object.values(files).some((text) => /^DCGM_FI_PROF_/m.test(text));
}
