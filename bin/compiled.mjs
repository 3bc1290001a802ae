/**
 * What is run as one JavaScript file each, which Node reads many times faster than hundreds of TypeScript modules
 * through a loader. They are kept under the hash of every source they could be made of, and are made of the very texts that
 * were hashed: what an edit has made out of date is never found again.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where sources lie. Whoever imports one from elsewhere makes `compiled` reject. */
const FOLDERS = ['functions', 'local', 'operate'];

/** What else decides on the outcome. */
const SETTINGS = ['package.json', 'tsconfig.json', 'bin/compiled.mjs'];

/** How many outcomes are kept: the checkouts that share a `node_modules` must not end each other's. */
const KEPT = 4;

/** What is compiled. */
const ENTRIES = { cli: 'operate/cli.ts', local: 'local/index.ts' };

/**
 * Resolves with what an entry (`cli` or `local`) of the checkout in `root` exports. Rejects when that cannot be compiled,
 * or the outcome not be kept in `node_modules/.cache/spillway`.
 */
export async function compiled(root, entry) {
  const sources = readSources(root);
  const folder = join(root, 'node_modules', '.cache', 'spillway');
  const kept = join(folder, hashOf(root, sources));
  const file = join(kept, `${entry}.cjs`);
  if (!existsSync(file)) {
    const unfinished = `${kept}.${process.pid}`;
    await compile(root, sources, unfinished);
    try {
      renameSync(unfinished, kept);
    } catch {
      rmSync(unfinished, { recursive: true }); // somebody else was first
    }
    forget(folder);
  }
  return createRequire(file)(file);
}

/** UTF-8 by path. */
function readSources(root) {
  const sources = new Map();
  for (const folder of FOLDERS)
    for (const entry of readdirSync(join(root, folder), { recursive: true }).sort())
      if (entry.endsWith('.ts')) {
        const path = join(root, folder, entry);
        sources.set(path, readFileSync(path));
      }
  return sources;
}

function hashOf(root, sources) {
  const hash = createHash('sha256').update(root);
  for (const path of SETTINGS) hash.update('\0').update(readFileSync(join(root, path)));
  for (const [path, text] of sources) hash.update('\0').update(path).update('\0').update(text);
  return hash.digest('hex').slice(0, 32);
}

/** As CommonJS: there, a package is loaded when the first module that imports it runs, and not before. */
async function compile(root, sources, outdir) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: true,
    sourcesContent: false,
    define: { 'import.meta.url': '__source' },
    logOverride: { 'empty-import-meta': 'error' },
    logLevel: 'silent',
    plugins: [asHashed(sources)],
  });
}

/** Gives every module its text as it was hashed, and its own address. */
const asHashed = (sources) => ({
  name: 'as-hashed',
  setup(build) {
    build.onLoad({ filter: /./, namespace: 'file' }, ({ path }) => {
      const text = sources.get(path);
      if (text === undefined) return { errors: [{ text: `${path} is not in ${FOLDERS.join(', ')}` }] };
      const address = `const __source = ${JSON.stringify(pathToFileURL(path).href)};`;
      return { loader: 'ts', contents: Buffer.concat([Buffer.from(address), text]) };
    });
  },
});

function forget(folder) {
  const madeAt = (name) => statSync(join(folder, name)).mtimeMs;
  const latest = readdirSync(folder).sort((a, b) => madeAt(b) - madeAt(a));
  for (const name of latest.slice(KEPT)) rmSync(join(folder, name), { recursive: true, force: true });
}
