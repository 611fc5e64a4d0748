import type { Section } from "./unit-text.ts";

/** What a service needs beyond its own folders. */
export interface ServiceNeeds {
  /** Groups whose files it reads. */
  readonly groups: readonly string[];
  /** Capabilities it cannot work without. */
  readonly capabilities: readonly string[];
  /** Device classes it opens, as `DeviceAllow=` names them. */
  readonly devices: readonly string[];
  /**
   * Reports the machine's file systems. `ProtectSystem`, `ProtectHome` and `PrivateTmp` work by remounting, and what
   * is remounted read-only for a service is reported read-only by it: such a service relies on its user's rights.
   */
  readonly seesMounts: boolean;
  /** Talks to this machine only. */
  readonly isLocal: boolean;
}

const NONE: ServiceNeeds = { groups: [], capabilities: [], devices: [], seesMounts: false, isLocal: false };

const NEEDS: Readonly<Record<string, Partial<ServiceNeeds>>> = {
  // kern.log and NVIDIA's logs belong to adm on both families.
  agent: { groups: ["adm"] },
  "node-exporter": { seesMounts: true, isLocal: true },
  // Profiling counters (DCGM_FI_PROF_*) need it; NVML needs the devices.
  "dcgm-exporter": { capabilities: ["CAP_SYS_ADMIN"], devices: ["char-nvidia*"], isLocal: true },
  "kernel-log": { groups: ["adm", "systemd-journal"], isLocal: true },
};

/** Needs of a service; one that is not listed needs nothing. */
export function needsOf(service: string): ServiceNeeds {
  return { ...NONE, ...NEEDS[service] };
}

/** The sandbox of a service. */
export function renderSandbox(needs: ServiceNeeds): Section {
  const { capabilities, devices } = needs;
  const granted = capabilities.join(" ");
  return [
    ["NoNewPrivileges", "yes"],
    ["CapabilityBoundingSet", granted],
    ["AmbientCapabilities", granted],
    ...renderMounts(needs),
    ...(devices.length === 0
      ? ([["PrivateDevices", "yes"]] as const)
      : [["DevicePolicy", "closed"] as const, ...devices.map((device) => ["DeviceAllow", `${device} rw`] as const)]),
    ...(capabilities.length === 0 ? ([["PrivateUsers", "yes"]] as const) : []),
    ["ProtectProc", "invisible"],
    ["ProtectClock", "yes"],
    ["ProtectControlGroups", "yes"],
    ["ProtectHostname", "yes"],
    ["ProtectKernelLogs", "yes"],
    ["ProtectKernelModules", "yes"],
    ["ProtectKernelTunables", "yes"],
    ["LockPersonality", "yes"],
    // NVIDIA's libraries come with code of their own making.
    ["MemoryDenyWriteExecute", devices.length === 0 ? "yes" : "no"],
    ["RemoveIPC", "yes"],
    ["RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK"],
    ["RestrictNamespaces", "yes"],
    ["RestrictRealtime", "yes"],
    ["RestrictSUIDSGID", "yes"],
    ["SystemCallArchitectures", "native"],
    ["SystemCallFilter", "@system-service"],
    ["SystemCallFilter", "~@privileged @resources"],
    ["SystemCallErrorNumber", "EPERM"],
    ["UMask", "0077"],
    ...(needs.isLocal
      ? ([
          ["IPAddressDeny", "any"],
          ["IPAddressAllow", "localhost"],
        ] as const)
      : []),
  ];
}

function renderMounts({ seesMounts }: ServiceNeeds): Section {
  if (seesMounts) return [];
  return [
    ["ProtectSystem", "strict"],
    ["ProtectHome", "yes"],
    ["PrivateTmp", "yes"],
  ];
}
