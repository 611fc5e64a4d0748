/** How a change reaches the hosts. */
export interface Rollout {
  /** Names of hosts, or of groups, that get it before all others. */
  readonly canaries: readonly string[];
  /** Share of the other hosts that have it after each wave, in percent; ascending, the last one 100. */
  readonly waves: readonly number[];
}

/** What a wave needs to know of a host. */
export interface WaveHost {
  readonly name: string;
  readonly groups: readonly string[];
  readonly state: "active" | "drained" | "quarantined";
}

/**
 * Who gets a change when: canaries first, then the others in the order of the inventory. No wave is empty, so few hosts
 * make fewer waves. Drained hosts come last, since one that reboots would hold up the others; quarantined ones never. Pure.
 */
export function planWaves<Host extends WaveHost>(
  hosts: readonly Host[],
  { canaries, waves }: Rollout,
): readonly (readonly Host[])[] {
  const isCanary = ({ name, groups }: Host) => [name, ...groups].some((one) => canaries.includes(one));
  const active = hosts.filter(({ state }) => state === "active");
  const others = active.filter((host) => !isCanary(host));
  const cut = cutInShares(others, waves);
  const last = [...(cut.at(-1) ?? []), ...hosts.filter(({ state }) => state === "drained")];
  return [active.filter(isCanary), ...cut.slice(0, -1), last].filter((wave) => wave.length > 0);
}

function cutInShares<T>(items: readonly T[], shares: readonly number[]): readonly (readonly T[])[] {
  let begin = 0;
  return shares.flatMap((share) => {
    if (begin === items.length) return [];
    const end = Math.max(begin + 1, Math.ceil((items.length * share) / 100));
    const part = items.slice(begin, end);
    begin = end;
    return [part];
  });
}
