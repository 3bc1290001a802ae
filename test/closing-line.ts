import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line, `tests: 12 passed, 0 failed, 1 skipped`, that any tool can read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = {
      passed: 0,
      failed: modules
        .flatMap((module) => [module, ...module.children.allSuites()])
        .filter((suite) => suite.errors().length > 0).length,
      skipped: 0,
      pending: 0,
    };
    for (const module of modules) for (const test of module.children.allTests()) count[test.result().state]++;
    process.once('exit', () =>
      console.log(`tests: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`),
    );
  }
}
