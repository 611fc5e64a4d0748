import type { Change } from "./change.ts";
import { compare } from "./compare.ts";
import type { FileSummary, Summary } from "./model.ts";

/** Lines added and removed, by `<workload>/<file>`. */
export type LineCounts = Readonly<Record<string, { readonly added: number; readonly removed: number }>>;

/** Files of workloads both sides have. The same file of several hosts is one change. */
export function diffFiles(
  before: Summary["workloads"],
  now: Summary["workloads"],
  lines: LineCounts,
): readonly Change[] {
  return compare(before, now).kept.flatMap(([name, old, workload]) => {
    const { added, removed, kept } = compare(old.files, workload.files);
    const { host, service } = workload;
    const of = host === undefined ? [] : [host];
    const label = (path: string) => `file ${host === undefined ? name : service}/${path}`;
    return [
      ...added.map(([path, file]) => `${label(path)} added (${file.lines} lines)`),
      ...removed.map(([path, file]) => `${label(path)} removed (${file.lines} lines)`),
      ...kept.map(([path, was, file]) => `${label(path)} changed (${describe(was, file, lines[`${name}/${path}`])})`),
    ].map((what): Change => ({ group: "files", what, of }));
  });
}

function describe(before: FileSummary, now: FileSummary, lines: LineCounts[string] | undefined): string {
  if (lines !== undefined) return `+${lines.added} -${lines.removed} lines`;
  return before.lines === now.lines ? `${now.lines} lines` : `${before.lines} -> ${now.lines} lines`;
}
