/** Puts files where templates look for them. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { zipSync } from 'fflate';
import type { FileAsset } from './assembly.ts';
import { AwsError } from '../errors.ts';
import { administrator } from '../principal.ts';
import type { World } from '../world.ts';

/** An asset's key is a hash of its contents, so one that is there is the same. */
export async function published(assets: FileAsset[], world: World): Promise<void> {
  for (const asset of assets) {
    const at = { Bucket: asset.bucket, Key: asset.key };
    if (await exists(at, world)) continue;
    const Body = await world.clock.hold(
      asset.packaging === 'zip' ? zipped(asset.path) : readFile(asset.path),
    );
    await world.call(administrator(world.account), 's3', 'PutObject', { ...at, Body });
  }
}

async function exists(at: { Bucket: string; Key: string }, world: World): Promise<boolean> {
  try {
    await world.call(administrator(world.account), 's3', 'HeadObject', at);
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.status === 404) return false;
    throw error;
  }
}

/** The same folder gives the same bytes. */
async function zipped(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const files = await Promise.all(
    paths.map(
      async (path) =>
        [relative(folder, path).split(sep).join('/'), new Uint8Array(await readFile(path))] as const,
    ),
  );
  return zipSync(Object.fromEntries(files), { level: 1, mtime: new Date(1980, 0, 1) });
}
