import { expect, test } from 'vitest';
import { startWorld } from '../../local/start.ts';
test('services are found by their file name', async () => {
  const { services, stop } = await startWorld();
  expect(Object.keys(services())).toContain('ssm');
  await stop();
});
