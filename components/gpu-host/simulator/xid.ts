import { findXid } from "../../signals/xid.ts";

/** What a driver error is called by the exporter (`err_msg`) and how the kernel line ends. */
interface XidText {
  readonly label: string;
  readonly line: string;
}

/** As they read in the wild, of the codes scenarios use most; any other of the table reads as its meaning. */
const TEXTS: Readonly<Record<number, XidText>> = {
  13: {
    label: "Graphics Engine Exception",
    line: "Graphics Exception: ESR 0x50d730=0x20000 0x50d734=0x20 0x50d728=0xf81eb60 0x50d72c=0x1174",
  },
  31: {
    label: "GPU memory page fault",
    line: "Ch 00000008, intr 00000000. MMU Fault: ENGINE GRAPHICS GPCCLIENT_T1_3 faulted @ 0x7f3c_a2000000. Fault is of type FAULT_PDE ACCESS_TYPE_VIRT_READ",
  },
  43: { label: "GPU stopped processing", line: "Ch 00000010" },
  45: {
    label: "Preemptive cleanup, due to previous errors -- Most likely to see when running multiple cuda",
    line: "Ch 00000010",
  },
  48: {
    label: "Double Bit ECC Error",
    line: "DBE (double bit error) ECC Error Occurred @ 0x2a3c00. Physical Address: 0x2a3c00",
  },
  63: {
    label: "ECC page retirement or row remapping recording event",
    line: "Row Remapper: New row marked for remapping, reset gpu to activate.",
  },
  64: {
    label: "ECC page retirement or row remapper recording failure",
    line: "Row Remapper: Failed to record row for remapping.",
  },
  74: { label: "NVLINK Error", line: "NVLink: fatal error detected on link 4(0x0, 0x0, 0x10000, 0x0, 0x0, 0x0, 0x0)" },
  79: { label: "GPU has fallen off the bus", line: "GPU has fallen off the bus." },
  92: { label: "High single-bit ECC error rate", line: "High single-bit ECC error rate" },
  94: { label: "Contained ECC error", line: "Contained: CE User Channel (0x9). RST: No, D-RST: No" },
  95: { label: "Uncontained ECC error", line: "Uncontained: LTC TAG (0x2,0x0). RST: Yes, D-RST: No" },
  119: {
    label: "GSP RPC Timeout",
    line: "Timeout after 45s of waiting for RPC response from GPU0 GSP! Expected function 76 (GSP_RM_CONTROL) (0x20800a6a 0x4).",
  },
};

/** Text of the exporter's `err_msg` label. */
export function toXidLabel(code: number): string {
  return code === 0 ? "No Error" : (TEXTS[code]?.label ?? findXid(code)?.meaning ?? "Unknown Error");
}

/** How the kernel line of a code ends. */
export function toXidLine(code: number): string {
  return TEXTS[code]?.line ?? `${findXid(code)?.meaning ?? "Unknown error"}.`;
}
