/** The regions beside the one that was started: each is a world of its own, begun when a request is first signed for it. */
import type { Running } from './start.ts';
import { claimOf } from './wire/signature.ts';
import type { WireRequest } from './wire/message.ts';

/** Services of the whole account: one for all regions. Their clients sign for their own region, or for us-east-1. */
export const GLOBAL_SERVICES = new Set(['iam', 'sts']);

export interface OtherRegions {
  /** Undefined when the request is for the home region, or for no region that there could be. */
  of(request: WireRequest): Promise<Running> | undefined;
  /** Starts one, unless it runs. */
  begin(region: string): Promise<Running>;
  /** Ends those that were started, and forgets them. */
  stop(): Promise<void>;
}

export function otherRegions(home: string, start: (region: string) => Promise<Running>): OtherRegions {
  const started = new Map<string, Promise<Running>>();
  const begin = (region: string): Promise<Running> => {
    const running = started.get(region) ?? start(region);
    started.set(region, running);
    return running;
  };
  return {
    begin,
    of(request) {
      const { region, service } = scopeOf(request) ?? {};
      if (region === undefined || region === home || GLOBAL_SERVICES.has(service!)) return undefined;
      if (!isRegion(region)) return undefined; // refused at home, in AWS's words
      return begin(region);
    },
    async stop() {
      for (const other of await Promise.all(started.values())) await other.stop();
      started.clear();
    },
  };
}

/** Whether there could be a region of this name. */
export const isRegion = (name: string) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(name);

/**
 * Region and service of the credential scope, or of the host of a REST API or a function URL, whose clients need not sign. Headers are
 * looked at without taking the whole signature apart.
 */
function scopeOf(request: WireRequest): { region: string; service: string } | undefined {
  const [, region, service] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
  if (region !== undefined) return { region, service: service! };
  const { host = '' } = request.headers;
  const ofApi = /\.execute-api\.([a-z0-9-]+)\.amazonaws\./.exec(host)?.[1];
  if (ofApi !== undefined) return { region: ofApi, service: 'execute-api' };
  const ofUrl = /\.lambda-url\.([a-z0-9-]+)\./.exec(host)?.[1];
  if (ofUrl !== undefined) return { region: ofUrl, service: 'lambda' };
  if (!request.path.includes('X-Amz-Credential')) return undefined;
  const claim = claimOf(request);
  return claim && 'region' in claim ? claim : undefined;
}
