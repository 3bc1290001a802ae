import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PlaceOrder } from '../../functions/contracts/index.ts';
import { aggregates } from '../../operate/aggregates.ts';
import { emit } from '../../operate/emit.ts';
import { synth } from '../../operate/up/synth.ts';
import { startShop } from './shop.ts';

test(
  'the consumer of the README is one folder and one line, and hears what it listens to',
  { timeout: 90_000 },
  async () => {
    const [handler, line] = [...(await readFile('README.md', 'utf8')).matchAll(/```ts\n(.*?)```/gs)].map(
      ([, code]) => code!,
    );
    const folder = await mkdtemp(join(tmpdir(), 'readme-'));
    for (const part of ['functions', 'infra', 'cdk.json', 'package.json'])
      await cp(part, join(folder, part), { recursive: true });
    await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    await mkdir(join(folder, 'functions/loyalty'));
    await writeFile(join(folder, 'functions/loyalty/handler.ts'), handler!);
    const shop = await readFile('infra/shop.ts', 'utf8');
    await writeFile(
      join(folder, 'infra/shop.ts'),
      shop.replace("pipeline.consumer('ledger'", `${line!.trim()}\n    pipeline.consumer('ledger'`),
    );

    const { local, aws, discovered, quiet } = await startShop({}, await synth({ folder }));
    const order = JSON.parse(await readFile('docs/examples/order.place.json', 'utf8'));
    await emit(aws, async () => discovered, PlaceOrder, order);
    await quiet();
    const points = [];
    for await (const state of aggregates(aws, discovered.consumers['loyalty']!.table!)) points.push(state);
    expect(points).toEqual([{ shipped: 1 }]);
    await local.stop();
  },
);
