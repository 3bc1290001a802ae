import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { catalogue } from '../../functions/contracts/index.ts';
import type { Contract, Route } from '../../functions/runtime/contract.ts';
import { Api } from '../../infra/pipeline/api.ts';
import type { Pipeline } from '../../infra/pipeline/index.ts';
import { Shop } from '../../infra/shop.ts';

/** Who says what to whom. */
export interface Topology {
  /** Every contract, also two versions of one type while its readers ship before its writers. */
  readonly contracts: readonly Contract[];
  readonly parties: readonly Party[];
  /** Events for listeners outside the pipeline. */
  readonly heardElsewhere: readonly Contract[];
}

export interface Party {
  readonly name: string;
  readonly on: readonly Route[];
  /** Events that it publishes, commands that it sends. */
  readonly says: readonly Contract[];
}

/** The shop's, from the constructs that deploy it; nothing is bundled and nothing is written. */
export function topologyOfTheShop(): Topology {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
    context: Record<string, unknown>;
  };
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const pipeline = new Shop(app, 'shop', { stage: 'dev' }).node.findChild('Shop') as Pipeline;
  const { consumers, heardElsewhere } = pipeline;
  const apis = pipeline.node.findAll().filter((construct) => construct instanceof Api);
  const parties = [
    ...apis.map(({ name, props: { accepts = [], webhooks = {} } }) => ({
      name: `${name}-api`,
      on: [],
      says: [...accepts, ...Object.values(webhooks).map((webhook) => webhook.accepts)],
    })),
    ...consumers.map(({ name, props: { on, publishes = [], sends = [] } }) => ({
      name,
      on,
      says: [...publishes, ...sends],
    })),
  ];
  const spoken = parties.flatMap(({ on, says }) => [...on.map(({ contract }) => contract), ...says]);
  return { contracts: [...new Set([...catalogue, ...spoken])], parties, heardElsewhere };
}

/** Those who listen to a type, each with the patterns of its routes. */
export const listenersTo = ({ parties }: Topology, { type }: Contract): { name: string; routes: Route[] }[] =>
  parties
    .map(({ name, on }) => ({ name, routes: on.filter(({ contract }) => contract.type === type) }))
    .filter(({ routes }) => routes.length > 0);

export const speakersOf = ({ parties }: Topology, { type }: Contract): string[] =>
  parties.filter(({ says }) => says.some((said) => said.type === type)).map(({ name }) => name);
