import { existsSync, readFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import vm from 'node:vm';
import type * as Esbuild from 'esbuild';

interface Module {
  exports: unknown;
}
type Wrapped = (
  exports: unknown,
  require: (id: string) => unknown,
  module: Module,
  filename: string,
  dirname: string,
  url: string,
  dynamicImport: (id: string) => Promise<unknown>,
) => void;

/** Loaded with the first ES module, so that a server that runs none starts without it. */
const esbuild = () => createRequire(import.meta.url)('esbuild') as typeof Esbuild;

/** Where a code version lies, and the hash that stands for it. */
export interface Unpacked {
  task: string;
  sha256: string;
}

/** Loads CommonJS and ES modules into one context. `supplied` answers for Node's own modules. */
export function moduleLoader(code: Unpacked, context: vm.Context, supplied: (name: string) => unknown) {
  const loaded = new Map<string, Module>();

  const requireOf = (path: string) => {
    const native = createRequire(path);
    const resolve = (id: string) => (isBuiltin(id) ? id : native.resolve(id));
    const require = (id: string) => (isBuiltin(id) ? supplied(id.replace(/^node:/, '')) : load(resolve(id)));
    return Object.assign(require, { resolve, cache: {}, main: undefined });
  };
  const load = (path: string): unknown => {
    const known = loaded.get(path);
    if (known) return known.exports;
    const module: Module = { exports: vm.runInContext('({})', context) };
    loaded.set(path, module);
    try {
      if (path.endsWith('.json'))
        module.exports = vm.runInContext(`(${readFileSync(path, 'utf8')})`, context);
      else {
        const seen = seenAs(code, path);
        const require = requireOf(path);
        const dynamicImport = async (id: string) => namespaceOf(require(id));
        const run = scriptOf(code, path).runInContext(context) as Wrapped;
        run(module.exports, require, module, seen, dirname(seen), `file://${seen}`, dynamicImport);
      }
    } catch (error) {
      loaded.delete(path);
      throw error;
    }
    return module.exports;
  };
  return { load, requireOf };
}

/** Compiles a module ahead of its first use, aside from the thread that time waits for. */
export async function prepare(code: Unpacked, path: string): Promise<void> {
  const key = keyOf(code, path);
  if (scripts.has(key)) return;
  const source = readFileSync(path, 'utf8');
  compile(
    key,
    seenAs(code, path),
    isModule(path) ? (await esbuild().transform(source, TO_COMMONJS)).code : source,
  );
}

function scriptOf(code: Unpacked, path: string): vm.Script {
  const key = keyOf(code, path);
  const known = scripts.get(key);
  if (known) return known;
  if (path.endsWith('.node')) throw new Error(`The simulated host does not model native add-ons: ${path}.`);
  const source = readFileSync(path, 'utf8');
  return compile(
    key,
    seenAs(code, path),
    isModule(path) ? esbuild().transformSync(source, TO_COMMONJS).code : source,
  );
}

/** Of this process: worlds that run the same code share its scripts. */
const scripts = new Map<string, vm.Script>();

/** A context cannot `import()` by itself: that becomes a function which is given to the module. */
function compile(key: string, filename: string, source: string): vm.Script {
  const script = new vm.Script(
    `(function (exports, require, module, __filename, __dirname, __url, __import) {${source.replace(DYNAMIC_IMPORT, '__import(')}\n})`,
    { filename },
  );
  scripts.set(key, script);
  return script;
}

const DYNAMIC_IMPORT = /(?<![.\w$'"`])import\s*\(/g;

/** What `import()` gives for a CommonJS module. */
const namespaceOf = (exports: unknown): unknown =>
  (exports as { __esModule?: boolean }).__esModule ? exports : { ...(exports as object), default: exports };

const keyOf = ({ task, sha256 }: Unpacked, path: string) =>
  path.startsWith(task) ? `${sha256}/${relative(task, path)}` : path;

/** The path that the function sees. */
const seenAs = ({ task }: Unpacked, path: string) =>
  path.startsWith(task) ? join('/var/task', relative(task, path)) : path;

const isBuiltin = (id: string) => id.startsWith('node:') || builtinModules.includes(id);

function isModule(path: string): boolean {
  if (extname(path) !== '.js') return extname(path) === '.mjs';
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest))
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
  }
  return false;
}

const TO_COMMONJS: Esbuild.TransformOptions = {
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  define: {
    'import.meta.url': '__url',
    'import.meta.filename': '__filename',
    'import.meta.dirname': '__dirname',
  },
  logLevel: 'silent',
};
