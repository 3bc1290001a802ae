import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

/** A folder whose app is the shop as it was synthesized once for all tests. */
export const synthesized = () => project(`cp -R "${inject('shopAssembly')}/." "$CDK_OUTDIR"`);

/** A folder whose `cdk.json` has this command as its app. */
export async function project(app: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'project-'));
  await writeFile(join(folder, 'cdk.json'), JSON.stringify({ app }));
  return folder;
}
