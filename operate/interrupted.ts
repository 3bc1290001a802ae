/** Resolves at Ctrl-C, or when the process is asked to end. */
export const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });

/** Whether that has happened since. What is under way ends well; the second time the process ends at once. */
export function interruption(): () => boolean {
  let interrupted = false;
  void untilInterrupted().then(() => (interrupted = true));
  return () => interrupted;
}
