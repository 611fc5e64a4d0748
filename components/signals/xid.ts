/** What NVIDIA's Xid catalogue tells the operator to do first. */
export type XidAction =
  | "IGNORE"
  | "RESTART_APP"
  | "RESET_GPU"
  | "RESTART_VM"
  | "RESTART_BM"
  | "WORKFLOW_XID_45"
  | "WORKFLOW_XID_48"
  | "WORKFLOW_NVLINK_ERR"
  | "WORKFLOW_NVLINK5_ERR"
  | "XID_154";

/**
 * What a code asks of a person: `critical` takes the GPU (or its host) out of service for a reset or restart,
 * `warning` is a restart of the application or an investigation, `info` is nobody's work.
 */
export type XidTier = "critical" | "warning" | "info";

/** One driver error. */
export interface Xid {
  readonly code: number;
  readonly meaning: string;
  readonly action: XidAction;
  readonly tier: XidTier;
}

const of =
  (tier: XidTier) =>
  (code: number, action: XidAction, meaning: string): Xid => ({ code, meaning, action, tier });
const critical = of("critical");
const warning = of("warning");
const info = of("info");

/**
 * The Xid codes of NVIDIA's catalogue that a data-centre GPU (A100 and newer) raises, by the catalogue's immediate
 * action (facts 2.4; docs.nvidia.com/deploy/xid-errors). Where the action is IGNORE but the catalogue also asks for an
 * investigation, or something is due before the next job, the tier is `warning`: 63 and 92 say that memory wears out.
 * 45 and 154 only follow another Xid, which has its own tier.
 */
export const XIDS: readonly Xid[] = [
  warning(13, "RESTART_APP", "An instruction of the application raised an exception in the compute engine"),
  warning(31, "RESTART_APP", "The application reached for memory that is not mapped (page fault)"),
  warning(32, "RESTART_APP", "A command buffer of the application is broken"),
  info(43, "IGNORE", "The application's channel was stopped; other work on the GPU goes on"),
  info(45, "WORKFLOW_XID_45", "Work was taken off the GPU after an earlier error, or because its process ended"),
  critical(46, "RESET_GPU", "The GPU stopped answering its driver"),
  critical(48, "WORKFLOW_XID_48", "A double-bit memory error that cannot be corrected"),
  critical(62, "RESET_GPU", "A microcontroller inside the GPU halted"),
  warning(63, "IGNORE", "A bad memory row was recorded; it is replaced at the next reset of the GPU"),
  critical(64, "RESET_GPU", "A bad memory row could not be recorded, so it will not be replaced"),
  warning(69, "RESTART_APP", "The compute engine was given a wrong class of command"),
  critical(74, "WORKFLOW_NVLINK_ERR", "An NVLink of the GPU failed"),
  critical(79, "RESTART_BM", "The GPU has fallen off the PCIe bus"),
  warning(80, "RESTART_APP", "Data sent to the GPU arrived broken"),
  warning(92, "IGNORE", "Corrected memory errors come at a high rate"),
  warning(94, "RESTART_APP", "An uncorrectable memory error hit one application and was contained there"),
  critical(95, "RESET_GPU", "An uncorrectable memory error could not be contained to one application"),
  critical(109, "RESET_GPU", "The GPU did not switch between contexts in time"),
  critical(110, "RESET_GPU", "A security fault inside the GPU"),
  critical(119, "RESET_GPU", "The GPU's system processor (GSP) did not answer the driver in time"),
  critical(120, "RESET_GPU", "The GPU's system processor (GSP) reported an error"),
  warning(121, "IGNORE", "The link between CPU and GPU (C2C) reported an error"),
  critical(136, "RESET_GPU", "An NVLink could not be trained"),
  warning(137, "IGNORE", "An access through NVLink was refused"),
  critical(140, "RESET_GPU", "A memory error that ECC did not recover from"),
  critical(143, "RESET_GPU", "The GPU could not be initialised"),
  ...(["SAW", "RLW", "TLW", "TREX", "NVLPW", "NETIR", "MSE"] as const).map((unit, index) =>
    critical(144 + index, "WORKFLOW_NVLINK5_ERR", `Unit ${unit} of an NVLink 5 reported an error`),
  ),
  critical(151, "RESTART_VM", "The keys of a confidential virtual machine could not be rotated"),
  info(154, "XID_154", "The driver says which recovery the GPU needs now, after another Xid"),
  critical(155, "RESET_GPU", "NVLink was given up on by software"),
  critical(156, "RESET_GPU", "A part of the GPU is to be retired"),
  warning(157, "IGNORE", "A part of the GPU could not be retired"),
  critical(158, "RESET_GPU", "The GPU ran into a fatal timeout"),
  warning(160, "IGNORE", "A memory channel is to be retired"),
  warning(161, "IGNORE", "A memory channel could not be retired"),
];

const BY_CODE: ReadonlyMap<number, Xid> = new Map(XIDS.map((xid) => [xid.code, xid]));

/** A code of the table; absent when it is not in it. */
export function findXid(code: number): Xid | undefined {
  return BY_CODE.get(code);
}

/** The codes of a tier, ascending. */
export function xidsOfTier(tier: XidTier): readonly Xid[] {
  return XIDS.filter((xid) => xid.tier === tier);
}

/** A regular expression of the codes of tiers, for a matcher on the labels `xid` and `nvidia_xid`: `13|31|32`. */
export function xidPatternOf(...tiers: readonly XidTier[]): string {
  return XIDS.filter(({ tier }) => tiers.includes(tier))
    .map(({ code }) => String(code))
    .join("|");
}
