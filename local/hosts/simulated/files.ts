import fs from 'node:fs';
import { posix } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../random.ts';

type Call = (...args: unknown[]) => unknown;

/**
 * A function's view of the disk: `/var/task` to read, `/tmp` to read and write, nothing else. Everything happens at
 * once, so a read takes no time and its order does not depend on the machine.
 */
export function virtualFiles({ task, folder, random }: { task: string; folder: string; random: Random }) {
  const real = (path: unknown, writes: boolean): string => {
    const named = path instanceof URL ? fileURLToPath(path) : String(path);
    const full = posix.resolve('/var/task', named);
    if (full === '/tmp' || full.startsWith('/tmp/')) return folder + full.slice('/tmp'.length);
    if (writes) throw failure('EROFS', 'read-only file system', full);
    if (full === '/var/task' || full.startsWith('/var/task/')) return task + full.slice('/var/task'.length);
    throw failure('ENOENT', 'no such file or directory', full);
  };
  const within =
    (name: string, paths: number, writes: boolean): Call =>
    (...args) =>
      (fs as unknown as Record<string, Call>)[`${name}Sync`]!(
        ...args.map((arg, i) => (i < paths && typeof arg !== 'number' ? real(arg, writes) : arg)),
      );

  const calls: Record<string, Call> = {
    ...Object.fromEntries(READING.map((name) => [name, within(name, 1, false)])),
    ...Object.fromEntries(WRITING.map((name) => [name, within(name, 1, true)])),
    copyFile: (from, to, ...rest) =>
      fs.copyFileSync(real(from, false), real(to, true), ...(rest as [number])),
    rename: (from, to) => fs.renameSync(real(from, true), real(to, true)),
    mkdtemp(prefix) {
      const made = `${String(prefix)}${random.letters(6)}`;
      fs.mkdirSync(real(made, true));
      return made;
    },
    realpath: (path) => (real(path, false), posix.resolve('/var/task', String(path))),
  };
  const exists = (path: unknown): boolean => {
    try {
      return fs.existsSync(real(path, false));
    } catch {
      return false;
    }
  };

  const promises = Object.fromEntries(
    Object.entries(calls).map(([name, call]) => [name, async (...args: unknown[]) => call(...args)]),
  );
  const members: Record<string, unknown> = {
    constants: fs.constants,
    Stats: fs.Stats,
    promises: named('fs/promises', { ...promises, constants: fs.constants }),
    existsSync: exists,
    createReadStream: (path: unknown) => Readable.from([fs.readFileSync(real(path, false))]),
    createWriteStream: (path: unknown) => writeStream(real(path, true)),
  };
  for (const [name, call] of Object.entries(calls)) {
    members[`${name}Sync`] = call;
    members[name] = calledBack(call);
  }
  return named('fs', members);
}

const READING = ['readFile', 'readdir', 'stat', 'lstat', 'access', 'readlink'];
const WRITING = ['writeFile', 'appendFile', 'mkdir', 'rm', 'rmdir', 'unlink', 'truncate', 'utimes', 'chmod'];

/** `(…, callback)` from the call that happens at once. */
const calledBack =
  (call: Call): Call =>
  (...args) => {
    const callback = args.pop() as (error: unknown, result?: unknown) => void;
    let outcome: [unknown, unknown?];
    try {
      outcome = [null, call(...args)];
    } catch (error) {
      outcome = [error];
    }
    queueMicrotask(() => callback(...outcome));
  };

function writeStream(path: string): Writable {
  fs.writeFileSync(path, '');
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      fs.appendFileSync(path, chunk);
      done();
    },
  });
}

const failure = (code: string, message: string, path: string) =>
  Object.assign(new Error(`${code}: ${message}, open '${path}'`), { code, path, syscall: 'open' });

/** A module of which the members that are missing are refused by name once they are called. */
export const named = (name: string, members: Record<string, unknown>): Record<string, unknown> =>
  new Proxy(members, {
    get: (target, key) =>
      key in target || typeof key === 'symbol' || ['default', '__esModule', 'then'].includes(key)
        ? target[key as string]
        : () => {
            throw new Error(`The simulated host does not model ${name}.${key}.`);
          },
  });
