/** One LocalStack for all files of a run. */
import type { TestProject } from 'vitest/node';
import { installed, missing } from './environment.ts';
import { startLocalStack } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `missing` says why it does not run. */
    localStack: { endpoint: string; logFile: string; missing?: string };
  }
}

export default async function provideLocalStack(project: TestProject): Promise<(() => void) | undefined> {
  if (missing !== undefined) {
    console.warn(`Skipped. ${missing}.`);
    project.provide('localStack', { endpoint: '', logFile: '', missing });
    return undefined;
  }
  const { endpoint, logFile, stop } = await startLocalStack(await installed());
  console.log(`LocalStack answers at ${endpoint}, and writes to ${logFile}`);
  project.provide('localStack', { endpoint, logFile });
  return stop;
}
