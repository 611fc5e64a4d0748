/** A field that dcgm-exporter 4.9 serves under another name. */
export interface DcgmRename {
  /** Its name up to 4.8, by which the catalogue knows it. */
  readonly field: string;
  /** Its name among the default counters of 4.9.0. */
  readonly since49: string;
  /** What leads from the new unit back to the catalogue's. @default the unit is the same */
  readonly unit?: UnitChange;
}

/** The old value is the new one times, or divided by, a number. */
export type UnitChange = readonly ["*" | "/", number];

const HERTZ: UnitChange = ["/", 1_000_000];
const RATIO: UnitChange = ["*", 100];
const BYTES: UnitChange = ["/", 1_048_576];
const JOULES: UnitChange = ["*", 1000];
/** The old field is KiB/s divided by 1000, the new one KiB/s times 1024. */
const NVLINK: UnitChange = ["/", 1_024_000];

const DEV = "DCGM_FI_DEV_";
const PROF = "DCGM_FI_PROF_";
const rename = (prefix: string, field: string, since49: string, unit?: UnitChange): DcgmRename => ({
  field: `${prefix}${field}`,
  since49: `${prefix}${since49}`,
  ...(unit === undefined ? {} : { unit }),
});

/**
 * The 22 series of 4.9.0 that have another name; 11 have another unit, too. The 23rd is the label of the driver.
 *
 * An exporter that reads the catalogue's own counters keeps the old names and units. These are for one that somebody
 * runs with its defaults (`ssh.dcgmExporter.kind: existing`).
 *
 * Source: NVIDIA's documentation of DCGM 4.7.0, field identifiers; NVIDIA/dcgm-exporter#711, #745.
 */
export const DCGM_RENAMES: readonly DcgmRename[] = [
  rename(DEV, "SM_CLOCK", "SM_CLOCK_HERTZ", HERTZ),
  rename(DEV, "MEM_CLOCK", "MEMORY_CLOCK_HERTZ", HERTZ),
  rename(DEV, "MEMORY_TEMP", "MEMORY_TEMP_CELSIUS"),
  rename(DEV, "GPU_TEMP", "GPU_TEMP_CELSIUS"),
  rename(DEV, "POWER_USAGE", "BOARD_POWER_WATTS"),
  rename(DEV, "TOTAL_ENERGY_CONSUMPTION", "GPU_ENERGY_JOULES_TOTAL", JOULES),
  rename(DEV, "PCIE_REPLAY_COUNTER", "PCIE_REPLAY_TOTAL"),
  rename(DEV, "GPU_UTIL", "GPU_UTIL_RATIO", RATIO),
  rename(DEV, "MEM_COPY_UTIL", "MEMORY_UTIL_RATIO", RATIO),
  rename(DEV, "ENC_UTIL", "ENC_UTIL_RATIO", RATIO),
  rename(DEV, "DEC_UTIL", "DEC_UTIL_RATIO", RATIO),
  rename(DEV, "XID_ERRORS", "XID_ERROR"),
  rename(DEV, "FB_FREE", "FB_FREE_BYTES", BYTES),
  rename(DEV, "FB_USED", "FB_USED_BYTES", BYTES),
  rename(DEV, "FB_RESERVED", "FB_RESERVED_BYTES", BYTES),
  rename(DEV, "UNCORRECTABLE_REMAPPED_ROWS", "ROW_REMAP_UNCORRECTABLE_TOTAL"),
  rename(DEV, "CORRECTABLE_REMAPPED_ROWS", "ROW_REMAP_CORRECTABLE_TOTAL"),
  rename(DEV, "ROW_REMAP_FAILURE", "ROW_REMAP_FAILED"),
  rename(DEV, "NVLINK_BANDWIDTH_TOTAL", "NVLINK_THROUGHPUT_BYTES_PER_SECOND", NVLINK),
  rename(PROF, "GR_ENGINE_ACTIVE", "GR_ENGINE_UTIL_RATIO"),
  rename(PROF, "PIPE_TENSOR_ACTIVE", "TENSOR_UTIL_RATIO"),
  rename(PROF, "DRAM_ACTIVE", "DRAM_UTIL_RATIO"),
];
