import type { Numbers } from "../library/numbers.ts";
import type { Step } from "../library/palette.ts";

const warning = (from: number): readonly Step[] => [{ from, state: "warning" }];

/** Where the alerts begin to speak, by what is measured. */
export const temperatureSteps = ({ gpu }: Numbers): readonly Step[] => warning(gpu.temperature);
export const memoryTemperatureSteps = ({ gpu }: Numbers): readonly Step[] => warning(gpu.memoryTemperature);
export const thermalSteps = ({ gpu }: Numbers): readonly Step[] => warning(gpu.thermalThrottleShare);
export const pcieReplaySteps = ({ gpu }: Numbers): readonly Step[] => warning(gpu.pcieReplaysPerMinute / 60);
export const correctedEccSteps = ({ gpu }: Numbers): readonly Step[] => warning(gpu.correctedEccPerHour / 3600);
