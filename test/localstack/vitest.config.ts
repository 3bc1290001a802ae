import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/localstack/**/*.test.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    globalSetup: ['./test/e2e/synthesized.ts', './test/localstack/running.ts'],
    reporters: ['default', './test/closing-line.ts'],
    bail: 1,
    fileParallelism: false, // LocalStack is one busy process
  },
});
