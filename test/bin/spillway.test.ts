import { execFile } from 'node:child_process';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startLocal } from 'spillway/local';
import { expect, test } from 'vitest';

test('what was compiled is kept, and the next start takes it', async () => {
  const { said, kept } = await checkout({ 'operate/cli.ts': says('"one"') });
  expect(await said()).toBe('one');
  const [folder] = await kept();
  await writeFile(join(folder!, 'cli.cjs'), 'exports.main = async () => "as it was kept";');
  const { mtimeMs } = await stat(join(folder!, '..'));
  expect(await said()).toBe('as it was kept');
  expect((await stat(join(folder!, '..'))).mtimeMs).toBe(mtimeMs);
});

test('an edit is seen by the next start, though neither size nor time of the file tell of it', async () => {
  const { root, said } = await checkout({
    'operate/cli.ts': `import { word } from '../local/word.ts';\n${says('word')}`,
    'local/word.ts': `export const word: string = 'one';`,
  });
  expect(await said()).toBe('one');
  const file = join(root, 'local/word.ts');
  const { atime, mtime } = await stat(file);
  await writeFile(file, `export const word: string = 'two';`);
  await utimes(file, atime, mtime);
  expect(await said()).toBe('two');
});

test('a module that is added to a folder, where every module counts, is seen by the next start', async () => {
  const { root, said } = await checkout({
    'local/modules-in.ts': await readFile('local/modules-in.ts', 'utf8'),
    'operate/cli.ts': `
      import { modulesIn } from '../local/modules-in.ts';
      export async function main() {
        const names = await modulesIn(new URL('./commands/', import.meta.url));
        const modules = await Promise.all(names.map((name) => import(\`./commands/\${name}.ts\`)));
        return modules.map((module) => module.default).join();
      }`,
    'operate/commands/a.ts': `export default 'one';`,
  });
  expect(await said()).toBe('one');
  await writeFile(join(root, 'operate/commands/b.ts'), `export default 'two';`);
  expect(await said()).toBe('one,two');
});

test('code from outside of the folders that are looked through is refused, because its edits would be missed', async () => {
  const { said, kept } = await checkout({
    'operate/cli.ts': `import { word } from '../elsewhere.ts';\n${says('word')}`,
    'elsewhere.ts': `export const word: string = 'one';`,
  });
  await expect(said()).rejects.toThrow('elsewhere.ts is not in functions, local, operate');
  expect(await kept()).toEqual([]);
});

test('only the latest few are kept', async () => {
  const { root, said, kept } = await checkout({});
  for (const word of ['a', 'b', 'c', 'd', 'e']) {
    await writeFile(join(root, 'operate/cli.ts'), says(JSON.stringify(word)));
    expect(await said()).toBe(word);
  }
  expect(await kept()).toHaveLength(4);
});

test('two first starts at once do not disturb each other, and an error names the line of its source', async () => {
  const { printed, kept } = await checkout({
    'operate/cli.ts': `interface Erased {\n  a: string;\n}\nexport const main = async () => console.log(new Error('at').stack);`,
  });
  const place = expect.stringContaining('operate/cli.ts:4:');
  expect(await Promise.all([printed(), printed()])).toEqual([place, place]);
  expect(await kept()).toHaveLength(1);
});

test('where nothing can be kept, the sources run as they are', async () => {
  const { root, printed } = await checkout({
    'operate/cli.ts': 'export const main = async () => console.log("one");',
  });
  await writeFile(join(root, 'node_modules/.cache'), 'a file where the folder should be');
  expect(await printed()).toBe('one\n');
});

test('spillway/local, in a file of tests, starts an AWS that a client of that file calls', async () => {
  const aws = await startLocal();
  const { QueueUrl } = await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'first' }));
  expect(QueueUrl).toContain('/first');
  expect(Object.keys(createRequire(import.meta.url).cache)).toContainEqual(
    expect.stringMatching(/local\.cjs$/),
  );
  await aws.stop();
});

const says = (word: string) => `export const main = async (): Promise<string> => ${word};`;

const { compiled } = (await import(new URL('../../bin/compiled.mjs', import.meta.url).href)) as {
  compiled(root: string, entry: 'cli'): Promise<{ main(): Promise<string> }>;
};

/** A checkout with these sources beside the real `bin/`. */
async function checkout(sources: Record<string, string>) {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'checkout-')));
  for (const part of ['bin', 'package.json', 'tsconfig.json'])
    await cp(part, join(root, part), { recursive: true });
  for (const folder of ['functions', 'local', 'operate/commands', 'node_modules'])
    await mkdir(join(root, folder), { recursive: true });
  for (const name of ['esbuild', 'tsx'])
    await symlink(join(process.cwd(), 'node_modules', name), join(root, 'node_modules', name));
  await writeFile(join(root, 'local/index.ts'), 'export const startLocal = () => {};');
  for (const [path, text] of Object.entries(sources)) await writeFile(join(root, path), text);
  const cache = join(root, 'node_modules/.cache/spillway');
  const { cache: loaded } = createRequire(import.meta.url);
  return {
    root,
    /** What the compiled command comes to, as in a process that has not loaded it yet. */
    async said(): Promise<string> {
      for (const path of Object.keys(loaded)) if (path.startsWith(cache)) delete loaded[path];
      return (await compiled(root, 'cli')).main();
    },
    /** What the command prints in a process of its own. */
    printed: async (): Promise<string> =>
      (await promisify(execFile)(process.execPath, [join(root, 'bin/spillway.mjs')])).stdout,
    kept: async () => (await readdir(cache).catch(() => [])).map((name) => join(cache, name)),
  };
}
