import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/clients/**/*.test.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    reporters: ['default', './test/closing-line.ts'],
    expect: { poll: { timeout: 20_000, interval: 100 } },
    fileParallelism: false,
    testTimeout: 600_000, // the first time, what a client needs is fetched and built
    hookTimeout: 600_000,
  },
});
