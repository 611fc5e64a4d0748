/** Factors of Kubernetes quantities to MiB. */
const MIB: Readonly<Record<string, number>> = {
  "": 1 / 1_048_576,
  k: 1e3 / 1_048_576,
  M: 1e6 / 1_048_576,
  G: 1e9 / 1_048_576,
  T: 1e12 / 1_048_576,
  Ki: 1 / 1024,
  Mi: 1,
  Gi: 1024,
  Ti: 1_048_576,
};

/** A Kubernetes quantity of memory (`512Mi`) in MiB. */
export function toMiB(quantity: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?$/.exec(quantity) ?? [];
  const factor = MIB[unit ?? ""];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

/** A Kubernetes quantity of CPU (`100m`, `0.5`) in cores. */
export function toCores(quantity: string): number | undefined {
  const [, number, milli] = /^(\d+(?:\.\d+)?)(m)?$/.exec(quantity) ?? [];
  if (number === undefined) return undefined;
  return Number(number) / (milli === undefined ? 1 : 1000);
}
