const MIB = 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * MiB of a quantity of bytes as Kubernetes writes it: `1Gi` is 1024, `1e9` is about 954.
 *
 * @throws {Error} on what is no quantity
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function toMiB(quantity: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d*)?(?:[eE]\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = UNITS[unit];
  if (number === "" || factor === undefined) throw new Error(`"${quantity}" is no quantity of bytes`);
  return (Number(number) * factor) / MIB;
}
