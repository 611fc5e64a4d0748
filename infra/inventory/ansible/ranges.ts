/** Most hosts that one pattern may stand for: a slip such as `[1:100000000]` must not fill the memory. */
const MOST = 10_000;

/** The hosts that a pattern stands for, or what is wrong with it. */
export type Expanded = { readonly names: readonly string[] } | { readonly flaw: string };

/** `gpu[01:64]` is gpu01 to gpu64, `rack-[a:c]-[1:2]` six hosts, `[0:10:5]` goes in steps of 5. */
export function expandRanges(pattern: string): Expanded {
  const [head = "", ...rest] = pattern.split("[");
  if (head.includes("]")) return { flaw: `"]" without "["` };
  let names: readonly string[] = [head];
  for (const part of rest) {
    const [range, tail, ...more] = part.split("]");
    if (range === undefined || tail === undefined || more.length > 0) return { flaw: `brackets that do not pair` };
    const words = expandRange(range);
    if (typeof words === "string") return { flaw: words };
    if (names.length * words.length > MOST) return { flaw: `more than ${MOST} hosts` };
    names = names.flatMap((name) => words.map((word) => `${name}${word}${tail}`));
  }
  return { names };
}

function expandRange(range: string): readonly string[] | string {
  const [, begin = "", end = "", by = "1"] = /^(\d+|[a-z]|[A-Z]):(\d+|[a-z]|[A-Z])(?::(\d+))?$/.exec(range) ?? [];
  const isNumber = /^\d/.test(begin);
  const isOneKind = [/^\d/, /^[a-z]/, /^[A-Z]/].some((kind) => kind.test(begin) && kind.test(end));
  if (!isOneKind) return `the range [${range}]`;
  if (isNumber && begin.startsWith("0") && begin.length > 1 && begin.length !== end.length)
    return `the range [${range}], whose ends differ in length`;
  const toNumber = (word: string) => (isNumber ? Number(word) : word.charCodeAt(0));
  const [from, to, step] = [toNumber(begin), toNumber(end), Number(by)];
  if (from > to || step === 0) return `the range [${range}], which holds nothing`;
  const count = Math.floor((to - from) / step) + 1;
  if (count > MOST) return `more than ${MOST} hosts`;
  const toWord = (value: number) =>
    isNumber ? String(value).padStart(begin.startsWith("0") ? begin.length : 1, "0") : String.fromCharCode(value);
  return Array.from({ length: count }, (_, index) => toWord(from + index * step));
}
