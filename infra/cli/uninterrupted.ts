const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Does something that may not end half-way: a signal that comes meanwhile takes effect after it. */
export async function uninterrupted(act: () => Promise<void>): Promise<void> {
  let caught: NodeJS.Signals | undefined;
  const keep = (signal: NodeJS.Signals) => (caught = signal);
  for (const signal of SIGNALS) process.on(signal, keep);
  try {
    await act();
  } finally {
    for (const signal of SIGNALS) process.off(signal, keep);
    if (caught !== undefined) process.kill(process.pid, caught);
  }
}
