import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    env: { CDK_VALIDATION: 'false', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          sequence: { groupOrder: 0 },
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/clients/**',
            'test/e2e/**',
            'test/differential/**',
            'test/durability/**',
            'test/localstack/**',
            'test/mutations/**',
            'test/templates/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          fileParallelism: false,
          sequence: { groupOrder: 1 }, // these start processes of their own, and want the machine for themselves
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['./test/e2e/synthesized.ts'],
        },
      },
    ],
  },
});
