/**
 * Whether an instance runs, is frozen or has ended. Everything that reaches into an instance (a timer, an answer, an
 * invocation) enters here: at once while it runs, at the thaw while it is frozen, never once it has ended.
 */
export interface Life {
  enter(run: () => void): void;
  freeze(): void;
  thaw(): void;
  end(): void;
  ended(): boolean;
}

/** `crashed` is told what was thrown by whatever entered. */
export function life(crashed: (error: unknown) => void): Life {
  let state: 'running' | 'frozen' | 'ended' = 'running';
  const waiting: (() => void)[] = [];

  const enter = (run: () => void) => {
    if (state === 'frozen') waiting.push(run);
    if (state !== 'running') return;
    try {
      run();
    } catch (error) {
      crashed(error);
    }
  };

  return {
    enter,
    freeze() {
      if (state === 'running') state = 'frozen';
    },
    thaw() {
      if (state !== 'frozen') return;
      state = 'running';
      for (const run of waiting.splice(0)) enter(run);
    },
    end() {
      state = 'ended';
      waiting.length = 0;
    },
    ended: () => state === 'ended',
  };
}
