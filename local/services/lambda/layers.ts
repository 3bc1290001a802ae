import type * as Lambda from '@aws-sdk/client-lambda';
import { notModelled } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { base64Hash, codeFrom } from './code.ts';
import type { FunctionLayer } from './function.ts';
import { paged } from './paging.ts';
import { invalid, notFound } from './refusals.ts';
import type { Registry } from './registry.ts';

export type Layers = ReturnType<typeof layerStore>;

export interface LayerVersion {
  described: Lambda.PublishLayerVersionResponse & { LayerVersionArn: string; Version: number };
  zip: Uint8Array;
  sha256: string;
}

/** The layers of this account by name, each with its versions by number. */
export function layerStore({ account }: World) {
  const layers = new Map<string, Map<number, LayerVersion>>();
  return {
    layers,
    /** The content of the layers that a function names; one of another account is taken as empty. */
    contentOf: (arns: string[]): FunctionLayer[] =>
      arns.flatMap((arn) => {
        const [, , , , owner, , name = '', version] = arn.split(':');
        const found = layers.get(name)?.get(Number(version));
        if (!found && owner === account) throw invalid(`Layer version ${arn} does not exist.`);
        return found ? [{ zip: found.zip, sha256: found.sha256 }] : [];
      }),
  };
}

/** Layers: published, described, deleted. */
export function layering({ world, layers: { layers } }: Registry) {
  const arnOf = (name: string) => `arn:aws:lambda:${world.region}:${world.account}:layer:${name}`;
  const versionOf = (reference: string | undefined, version: number | undefined): LayerVersion => {
    const found = layers.get(nameIn(reference))?.get(version ?? 0);
    if (!found) throw notFound('The resource you requested does not exist.');
    return found;
  };

  return {
    async PublishLayerVersion(input: Lambda.PublishLayerVersionCommandInput, call: Call) {
      const {
        Content = {},
        Description = '',
        CompatibleRuntimes,
        CompatibleArchitectures,
        LicenseInfo,
      } = input;
      const name = nameIn(input.LayerName);
      const code = await codeFrom(Content, world, call);
      const versions = layers.get(name) ?? new Map<number, LayerVersion>();
      const Version = Math.max(0, ...versions.keys()) + 1;
      const described = {
        Content: { CodeSha256: base64Hash(code), CodeSize: code.zip.byteLength, Location: '' },
        LayerArn: arnOf(name),
        LayerVersionArn: `${arnOf(name)}:${Version}`,
        Description,
        CreatedDate: new Date(world.clock.now()).toISOString().replace('Z', '+0000'),
        Version,
        ...(CompatibleRuntimes && { CompatibleRuntimes }),
        ...(CompatibleArchitectures && { CompatibleArchitectures }),
        ...(LicenseInfo && { LicenseInfo }),
      };
      layers.set(name, versions.set(Version, { described, zip: code.zip, sha256: code.sha256 }));
      return described satisfies Answer<Lambda.PublishLayerVersionCommandOutput>;
    },

    GetLayerVersion({ LayerName, VersionNumber }: Lambda.GetLayerVersionCommandInput) {
      return versionOf(LayerName, VersionNumber)
        .described satisfies Answer<Lambda.GetLayerVersionCommandOutput>;
    },

    GetLayerVersionByArn({ Arn = '' }: Lambda.GetLayerVersionByArnCommandInput) {
      const { described } = versionOf(Arn, Number(Arn.split(':').at(-1)));
      return described satisfies Answer<Lambda.GetLayerVersionByArnCommandOutput>;
    },

    ListLayerVersions({ LayerName, Marker, MaxItems = 50 }: Lambda.ListLayerVersionsCommandInput) {
      const versions = [...(layers.get(nameIn(LayerName))?.values() ?? [])].map(({ described }) => described);
      const { page, next } = paged(versions.toReversed(), Marker, MaxItems);
      return { LayerVersions: page, ...next } satisfies Answer<Lambda.ListLayerVersionsCommandOutput>;
    },

    DeleteLayerVersion({ LayerName, VersionNumber = 0 }: Lambda.DeleteLayerVersionCommandInput) {
      layers.get(nameIn(LayerName))?.delete(VersionNumber);
      return {} satisfies Answer<Lambda.DeleteLayerVersionCommandOutput>;
    },

    AddLayerVersionPermission() {
      throw notModelled('permissions of layers');
    },
  };
}

const nameIn = (reference = '') => (reference.startsWith('arn:') ? reference.split(':')[6]! : reference);
