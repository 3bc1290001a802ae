import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/constructs/**/*.test.ts'],
    env: { CDK_VALIDATION: 'false', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 60_000,
  },
});
