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

/** Each project has modules of its own, but the process is one. */
const shared = globalThis as { shopAssembly?: Promise<string> };

export default async function provideTheShop(project: TestProject): Promise<void> {
  project.provide('shopAssembly', await (shared.shopAssembly ??= synthesized()));
}

async function synthesized(): Promise<string> {
  const into = join(await mkdtemp(join(tmpdir(), 'shop-')), 'cdk.out');
  return synth({ into, region: 'us-east-1' });
}
