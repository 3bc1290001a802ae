import { defineConfig } from 'vitest/config';

/** How many seeds, how often the first one again, and for how long at most. */
const { SEED, SEEDS = '100', TIMES = SEED ? '1' : '2', MINUTES = '20' } = process.env;

export default defineConfig({
  test: {
    reporters: ['verbose'],
    include: ['test/simulation/shop.test.ts'],
    env: { SEEDS, TIMES, MINUTES, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    globalSetup: ['./test/e2e/synthesized.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
