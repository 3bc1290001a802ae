/** A cloud assembly as data. https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../world.ts';

export interface StackArtifact {
  name: string;
  /** As CreateChangeSet wants it. */
  template: { TemplateBody: string } | { TemplateURL: string };
  /** The role that CloudFormation acts as. @default whoever deploys */
  roleArn?: string;
  tags: { Key: string; Value: string }[];
  assets: FileAsset[];
  /** Name of the parameter that holds the version of the bootstrap stack. @default it needs none */
  bootstrapParameter?: string;
  /** Names of the stacks that come before it. */
  dependsOn: string[];
}

export interface FileAsset {
  path: string;
  packaging: 'file' | 'zip';
  bucket: string;
  key: string;
}

interface Artifact {
  type: string;
  dependencies?: string[];
  properties?: {
    file?: string;
    templateFile?: string;
    directoryName?: string;
    stackName?: string;
    tags?: Record<string, string>;
    stackTemplateAssetObjectUrl?: string;
    cloudFormationExecutionRoleArn?: string;
    bootstrapStackVersionSsmParameter?: string;
  };
}

interface AssetManifest {
  files?: Record<
    string,
    { source: { path?: string; packaging?: string }; destinations: Record<string, Destination> }
  >;
  dockerImages?: Record<string, unknown>;
}

interface Destination {
  bucketName: string;
  objectKey: string;
}

/** In an order in which each comes after what it depends on. */
export async function stacksIn(folder: string, world: World): Promise<StackArtifact[]> {
  const { artifacts = {} } = await json<{ artifacts?: Record<string, Artifact> }>(
    join(folder, 'manifest.json'),
  );
  const stacks: [id: string, StackArtifact][] = [];
  const nested: StackArtifact[] = [];
  for (const [id, artifact] of Object.entries(artifacts)) {
    const { type, properties = {} } = artifact;
    if (type === 'cdk:cloud-assembly')
      nested.push(...(await stacksIn(join(folder, properties.directoryName!), world)));
    if (type === 'aws:cloudformation:stack')
      stacks.push([id, await stackArtifact(id, artifact, artifacts, folder, world)]);
  }
  return [...inOrder(new Map(stacks)), ...nested];
}

async function stackArtifact(
  id: string,
  { dependencies = [], properties = {} }: Artifact,
  artifacts: Record<string, Artifact>,
  folder: string,
  world: World,
): Promise<StackArtifact> {
  const manifests = dependencies.flatMap((other) => {
    const { type, properties } = artifacts[other] ?? {};
    return type === 'cdk:asset-manifest' && properties?.file !== undefined
      ? [join(folder, properties.file)]
      : [];
  });
  const {
    stackTemplateAssetObjectUrl: url,
    templateFile = '',
    cloudFormationExecutionRoleArn: roleArn,
  } = properties;
  const isStack = (other: string) => artifacts[other]?.type === 'aws:cloudformation:stack';
  return {
    name: properties.stackName ?? id,
    template:
      url === undefined
        ? { TemplateBody: await readFile(join(folder, templateFile), 'utf8') }
        : {
            TemplateURL: `https://s3.${world.region}.amazonaws.com/${filled(url, world).slice('s3://'.length)}`,
          },
    tags: Object.entries(properties.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    assets: (await Promise.all(manifests.map((file) => assetsIn(file, folder, world)))).flat(),
    dependsOn: dependencies.filter(isStack).map((other) => artifacts[other]!.properties?.stackName ?? other),
    ...(roleArn === undefined ? {} : { roleArn: filled(roleArn, world) }),
    ...(properties.bootstrapStackVersionSsmParameter === undefined
      ? {}
      : { bootstrapParameter: properties.bootstrapStackVersionSsmParameter }),
  };
}

async function assetsIn(file: string, folder: string, world: World): Promise<FileAsset[]> {
  const { files = {}, dockerImages = {} } = await json<AssetManifest>(file);
  if (Object.keys(dockerImages).length > 0)
    throw new Error('The embedded AWS does not model container images.');
  return Object.values(files).flatMap(({ source, destinations }) => {
    if (source.path === undefined)
      throw new Error('The embedded AWS does not run the commands that make assets.');
    const path = join(folder, source.path);
    const packaging = source.packaging === 'zip' ? ('zip' as const) : ('file' as const);
    return Object.values(destinations).map(({ bucketName, objectKey }) => ({
      path,
      packaging,
      bucket: filled(bucketName, world),
      key: filled(objectKey, world),
    }));
  });
}

/** What the assembly leaves open until it is known where it goes. */
const filled = (text: string, { account, region }: World): string =>
  text
    .replaceAll('${AWS::AccountId}', account)
    .replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::Partition}', 'aws');

const json = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T;

function inOrder(stacks: Map<string, StackArtifact>): StackArtifact[] {
  const ordered: StackArtifact[] = [];
  const add = (stack: StackArtifact): void => {
    if (ordered.includes(stack)) return;
    for (const other of stacks.values()) if (stack.dependsOn.includes(other.name)) add(other);
    ordered.push(stack);
  };
  for (const stack of stacks.values()) add(stack);
  return ordered;
}
