import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    maxWorkers: process.env['AWS_ENDPOINT_URL'] ? 4 : '100%', // an endpoint is mostly waited for
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: ['default', './test/closing-line.ts'],
  },
});
