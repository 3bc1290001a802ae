import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { VitestPluginContext } from 'vitest/node';

/** Tests that start commands in processes of their own. */
const PROCESSES = [
  'test/e2e/start.test.ts',
  'test/e2e/start-killed.test.ts',
  'test/e2e/start-refusals.test.ts',
  'test/e2e/stock-tools.test.ts',
];

/** An import whose file is named at run time is compiled into a list of the folder, which a kept module must not outlive. */
const openImports = {
  name: 'open-imports',
  configureVitest({ experimental_defineCacheKeyGenerator: addToKey }: VitestPluginContext) {
    addToKey(({ id, sourceCode }) =>
      Array.from(sourceCode.matchAll(/import\(`(\.\/\w+)\/\$\{/g), ([, folder]) =>
        readdirSync(join(dirname(id), folder!)).join(),
      ).join(),
    );
  },
};

export default defineConfig({
  plugins: [openImports],
  test: {
    env: { CDK_VALIDATION: 'false', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    reporters: ['default', './test/closing-line.ts'],
    maxWorkers: '100%', // a core is not to be kept for a watching editor
    testTimeout: 20_000,
    hookTimeout: 20_000,
    experimental: { fsModuleCache: true }, // what is compiled for one project, or was for the last run, is not again
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          isolate: false, // what a file imports is loaded once for all: half of the time would go into it
          sequence: { groupOrder: 0 },
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/clients/**',
            'test/constructs/**',
            'test/e2e/**',
            'test/differential/**',
            'test/durability/**',
            'test/localstack/**',
            'test/mutations/**',
            'test/simulation/shop.test.ts',
            'test/templates/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          isolate: false,
          sequence: { groupOrder: 0 },
          include: ['test/e2e/**/*.test.ts', 'test/simulation/shop.test.ts'],
          exclude: PROCESSES,
          globalSetup: ['./test/e2e/synthesized.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          sequence: { groupOrder: 1 }, // these want the machine for themselves
          maxWorkers: 3, // each waits for others half of its time
          include: PROCESSES,
          globalSetup: ['./test/e2e/synthesized.ts'],
        },
      },
    ],
  },
});
