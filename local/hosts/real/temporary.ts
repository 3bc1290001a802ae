import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Gives a process a `/tmp` of its own: what it opens there through `node:fs` lies in `folder`. `root`, itself in the
 * machine's temporary folder, holds the function's code and stays where it is; so does the SDK that it links to, which
 * may lie there as well.
 */
export function ownTemporaryFolder(folder: string, root: string): void {
  const staying = [root, dirname(fs.realpathSync(join(root, 'node_modules', '@aws-sdk')))];
  const moved = (path: unknown) =>
    typeof path === 'string' &&
    (path === '/tmp' || path.startsWith('/tmp/')) &&
    !staying.some((folder) => path.startsWith(folder))
      ? folder + path.slice('/tmp'.length)
      : path;
  for (const module of [fs, fs.promises] as unknown as Record<string, unknown>[])
    for (const [name, original] of Object.entries(module)) {
      if (typeof original !== 'function' || /^[A-Z_]/.test(name)) continue;
      const paths = TWO_PATHS.test(name) ? 2 : 1;
      const replaced = function (this: unknown, ...args: unknown[]): unknown {
        for (let i = 0; i < paths; i++) args[i] = moved(args[i]);
        return Reflect.apply(original, this, args);
      };
      module[name] = Object.assign(replaced, original);
    }
  syncBuiltinESMExports();
}

const TWO_PATHS = /^(rename|copyFile|link|symlink|cp)(Sync)?$/;
