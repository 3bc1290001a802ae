/** Functions and layers that outlive the process. Zip files are kept once each, by their hash. */
import type { Code } from '../../hosts/host.ts';
import type { World } from '../../world.ts';
import { revised } from './configuration.ts';
import type { Configuration, LambdaFunction, Revision } from './function.ts';
import type { LayerVersion } from './layers.ts';

type Zip = Pick<Code, 'sha256' | 'zip'>;

export function keepFunctions(
  world: World,
  functions: Map<string, LambdaFunction>,
  layers: Map<string, Map<number, LayerVersion>>,
): void {
  const { durable } = world;
  if (!durable) return;
  const shelf = durable.shelf<Uint8Array>('lambda/code');
  const zips = new Map(shelf.records());
  const used = new Set<string>();
  const keep = ({ sha256, zip }: Zip): string => {
    if (!zips.has(sha256)) shelf.put(sha256, zip);
    zips.set(sha256, zip);
    return sha256;
  };
  const find = (sha256: string): Zip => {
    used.add(sha256);
    return { sha256, zip: zips.get(sha256)! };
  };
  const keptRevision = ({ configuration, code, published }: Revision): KeptRevision => ({
    configuration,
    published,
    code: keep(code),
    layers: code.layers.map(keep),
  });
  const revisionFrom = ({ configuration, published, code, layers }: KeptRevision): Revision => ({
    ...revised(configuration, { ...find(code), layers: layers.map(find) }, world),
    published,
  });

  durable.map('lambda/layers', layers, {
    store: (versions): KeptLayer =>
      [...versions].map(([number, { zip, ...version }]) => {
        keep({ zip, sha256: version.sha256 });
        return [number, version];
      }),
    load: (versions: KeptLayer) =>
      new Map(versions.map(([number, version]) => [number, { ...version, ...find(version.sha256) }])),
  });
  durable.map('lambda/functions', functions, {
    store: ({ running: _running, latest, versions, ...fn }): KeptFunction => ({
      ...fn,
      latest: keptRevision(latest),
      versions: [...versions].map(([number, revision]) => [number, keptRevision(revision)]),
    }),
    load: ({ latest, versions, ...fn }: KeptFunction): LambdaFunction => ({
      ...fn,
      latest: revisionFrom(latest),
      versions: new Map(versions.map(([number, revision]) => [number, revisionFrom(revision)])),
      running: 0,
    }),
  });
  for (const sha256 of [...zips.keys()].filter((each) => !used.has(each))) {
    zips.delete(sha256);
    shelf.delete(sha256);
  }
}

interface KeptRevision extends Pick<Revision, 'published'> {
  configuration: Configuration;
  /** Hashes of zip files. */
  code: string;
  layers: string[];
}

interface KeptFunction extends Omit<LambdaFunction, 'running' | 'latest' | 'versions'> {
  latest: KeptRevision;
  versions: [number: string, KeptRevision][];
}

type KeptLayer = [number: number, Omit<LayerVersion, 'zip'>][];
