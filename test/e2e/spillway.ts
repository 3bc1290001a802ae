import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Spillway {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves with the output so far once it matches; rejects when the command ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Runs `spillway` as a person would, in a process of its own. */
export function spillway(
  args: string[],
  { env = {}, cwd = process.cwd() }: { env?: Record<string, string | undefined>; cwd?: string } = {},
): Spillway {
  const child = spawn(process.execPath, [`${process.cwd()}/bin/spillway.mjs`, ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => (stderr += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stdout + stderr);
          if (match) resolve(match);
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
        look();
        void ended.then(() => reject(new Error(`it ended without saying ${pattern}: ${stdout}${stderr}`)));
      }),
  };
}

/** The environment of somebody who works against an embedded AWS. */
export const against = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
});
