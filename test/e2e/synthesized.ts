import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synth } from '../../operate/up/synth.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the shop's cloud assembly, synthesized once a run. */
    shopAssembly: string;
  }
}

export default async function synthesizeTheShop(project: TestProject): Promise<void> {
  const into = join(await mkdtemp(join(tmpdir(), 'shop-')), 'cdk.out');
  project.provide('shopAssembly', await synth({ into, region: 'us-east-1' }));
}
