import { expect, test } from 'vitest';
import { startWorld } from '../../local/start.ts';
test('services are found by their file name', async () => {
  const { modules, stop } = await startWorld();
  expect(Object.keys(modules)).toContain('ssm');
  await stop();
});
