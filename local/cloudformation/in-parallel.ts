/**
 * Runs every name once those it depends on are done, several at once, started in the map's order. After the first that
 * answers false nothing more is started, or nothing that depends on it; resolves when all that were started are over.
 */
export function inParallel(
  dependencies: Map<string, string[]>,
  run: (name: string) => Promise<boolean>,
  afterFailure: 'stop' | 'go on' = 'stop',
): Promise<void> {
  const started = new Set<string>();
  const done = new Set<string>();
  let running = 0;
  let stopped = false;

  return new Promise((resolve, reject) => {
    const start = async (name: string) => {
      started.add(name);
      running++;
      if (await run(name)) done.add(name);
      else stopped = afterFailure === 'stop';
      running--;
      startReady();
    };
    const startReady = () => {
      for (const [name, on] of dependencies)
        if (
          !stopped &&
          !started.has(name) &&
          on.every((other) => done.has(other) || !dependencies.has(other))
        )
          start(name).catch(reject);
      if (running === 0) resolve();
    };
    startReady();
  });
}

/** Whoever had to come first has to go last. */
export function reversed(dependencies: Map<string, string[]>): Map<string, string[]> {
  const names = [...dependencies.keys()].toReversed();
  return new Map(
    names.map((name) => [name, names.filter((other) => dependencies.get(other)!.includes(name))]),
  );
}
