import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Code } from './host.ts';

/** The folder of a host: every code version unpacked once, and the `/tmp` of each environment. Made when first needed. */
export interface CodeStore {
  folder(): string;
  /** Unpacks a version, unless it is there already; returns the folder that takes the place of `/var/task`. */
  unpacked(code: Code): string;
  remove(): void;
}

export function codeStore(): CodeStore {
  const versions = new Map<string, string>();
  let made: string | undefined;
  const folder = () => (made ??= newFolder());

  return {
    folder,
    unpacked(code) {
      const key = [code, ...code.layers].map(({ sha256 }) => sha256).join('+');
      const known = versions.get(key);
      if (known) return known;
      const task = unpack(code, join(folder(), `code-${versions.size}`));
      versions.set(key, task);
      return task;
    },
    remove() {
      if (made) removeFolder(made);
      made = undefined;
      versions.clear();
    },
  };
}

/** Layers lie beside the code under one root, so Node's own look-up of node_modules finds them, as NODE_PATH does on AWS. */
function unpack(code: Code, root: string): string {
  for (const layer of code.layers) unzip(layer.zip, join(root, 'opt'));
  if (code.layers.length > 0)
    symlinkSync(join(root, 'opt', 'nodejs', 'node_modules'), join(root, 'node_modules'));
  unzip(code.zip, join(root, 'task'));
  return join(root, 'task');
}

const folders = new Set<string>();
let watching = false;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-'));
  if (!watching) process.once('exit', () => folders.forEach(removeFolder));
  watching = true;
  folders.add(folder);
  supplySdk(folder);
  return folder;
}

function removeFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

function unzip(zip: Uint8Array, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(into, name);
    if (!path.startsWith(into)) throw new Error(`The zip file holds ${name}, which lies outside of it.`);
    if (name.endsWith('/')) {
      mkdirSync(path, { recursive: true });
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Lambda's image carries the AWS SDK for functions that leave it out; here it is the one that this package depends on. */
function supplySdk(folder: string): void {
  const require = createRequire(import.meta.url);
  const sdk = dirname(dirname(dirname(require.resolve('@aws-sdk/core/package.json'))));
  mkdirSync(join(folder, 'node_modules'));
  for (const scope of ['@aws-sdk', '@smithy'])
    symlinkSync(join(sdk, scope), join(folder, 'node_modules', scope));
}
