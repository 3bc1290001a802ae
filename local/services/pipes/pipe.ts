/** What Pipes remembers: the pipes of the account, and what moves records through those that run. */
import type * as Pipes from '@aws-sdk/client-pipes';
import { AwsError } from '../../errors.ts';
import type { World } from '../../world.ts';
import type { Poller } from '../lambda/mapping/mapping.ts';
import { forgetPosition } from '../lambda/mapping/position.ts';
import { mappingOf, pollerOf } from './flow.ts';

export interface Pipe {
  name: string;
  arn: string;
  /** Where it stands in its stream is kept under this. */
  id: string;
  definition: Definition;
  desired: Pipes.RequestedPipeState;
  state: 'RUNNING' | 'STOPPED';
  /** Milliseconds since 1970. */
  created: number;
  modified: number;
  tags: Record<string, string>;
}

/** As CreatePipe and UpdatePipe gave it. */
export type Definition = Pick<
  Pipes.CreatePipeRequest,
  | 'Description'
  | 'SourceParameters'
  | 'Enrichment'
  | 'EnrichmentParameters'
  | 'TargetParameters'
  | 'LogConfiguration'
> & { Source: string; Target: string; RoleArn: string };

export interface Store {
  /** Throws NotFoundException. */
  at(name: string | undefined): Pipe;
  /** Throws NotFoundException. */
  withArn(arn: string | undefined): Pipe;
  find(name: string): Pipe | undefined;
  /** In the order of their names. */
  all(): Pipe[];
  arn(name: string): string;
  add(pipe: Pipe): void;
  remove(pipe: Pipe): void;
  /** Begins as its definition says, or does not, as is desired of it. */
  begin(pipe: Pipe): void;
  /** Ends what moves records; what is under way finishes. */
  halt(pipe: Pipe): void;
}

export function pipesOf(world: World): Store {
  const byName = new Map<string, Pipe>();
  const pollers = new Map<string, Poller>();
  const arn = (name: string) => `arn:aws:pipes:${world.region}:${world.account}:pipe/${name}`;

  const halt = ({ name }: Pipe) => {
    pollers.get(name)?.stop();
    pollers.delete(name);
  };
  const run = (pipe: Pipe, resumed: boolean) => {
    halt(pipe);
    pipe.state = pipe.desired;
    if (pipe.state === 'RUNNING') pollers.set(pipe.name, pollerOf(world, pipe, resumed));
  };
  world.durable?.map('pipes/pipes', byName);
  world.durable?.onceStarted(() => {
    for (const pipe of byName.values()) run(pipe, true);
  });

  return {
    at(name = '') {
      const pipe = byName.get(name);
      if (!pipe) throw missing(name);
      return pipe;
    },
    withArn(given = '') {
      const pipe = [...byName.values()].find((one) => one.arn === given);
      if (!pipe) throw missing(given.split('/').at(-1) ?? '');
      return pipe;
    },
    find: (name) => byName.get(name),
    all: () => [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    arn,
    add: (pipe) => void byName.set(pipe.name, pipe),
    remove(pipe) {
      halt(pipe);
      forgetPosition(world, mappingOf(pipe).configuration);
      byName.delete(pipe.name);
    },
    begin(pipe) {
      forgetPosition(world, mappingOf(pipe).configuration);
      run(pipe, false);
    },
    halt,
  };
}

const missing = (name: string) => new AwsError('NotFoundException', `Pipe ${name} does not exist.`);

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
