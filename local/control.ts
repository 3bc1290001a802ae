/** The embedded AWS's own controls under `/_spillway/`: health, clock, faults, reset, state, activity. */
import type { ServerResponse } from 'node:http';
import { activity } from './control/activity.ts';
import { faultsFrom } from './control/faults.ts';
import { Problem, problemOf } from './control/problem.ts';
import type { Running } from './start.ts';
import { text, type WireRequest } from './wire/message.ts';

/** Answers one request. Web pages are refused: they would send an Origin, or the name of another host. */
export function control(running: Running): (request: WireRequest, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      refuseWebPages(request);
      const path = request.path.slice('/_spillway/'.length).split('?')[0]!;
      if (request.method === 'GET' && path === 'activity') return activity(running.world, response);
      json(response, 200, 'application/json', await answerTo(running, request, path));
    } catch (error) {
      const problem = problemOf(error);
      json(response, problem.status, 'application/problem+json', problem);
    }
  };
}

async function answerTo(running: Running, { method, body }: WireRequest, path: string): Promise<unknown> {
  const run = CONTROLS[path];
  if (!run)
    throw new Problem(404, 'NO_SUCH_CONTROL', `There is no /_spillway/${path}.`, `There are ${NAMES}.`);
  const chosen = run[method];
  if (!chosen)
    throw new Problem(405, 'WRONG_METHOD', `/_spillway/${path} takes ${Object.keys(run).join(' and ')}.`);
  return chosen(running, method === 'POST' ? parsed(body) : {});
}

type Run = (running: Running, input: Record<string, unknown>) => unknown;

const CONTROLS: Record<string, Record<string, Run>> = {
  health: {
    GET: ({ world, services }) => ({ status: 'ok', region: world.region, services: Object.keys(services()) }),
  },
  clock: {
    GET: ({ world }) => ({ now: world.clock.now() }),
    async POST({ world }, { advanceMs }) {
      if (typeof advanceMs !== 'number' || !(advanceMs >= 0))
        throw new Problem(400, 'BAD_ADVANCE', 'advanceMs must be a number of milliseconds, at least 0.');
      await world.clock.advance(advanceMs);
      return { now: world.clock.now() };
    },
  },
  faults: {
    GET: ({ world }) => ({ faults: world.faults.declared() }),
    POST({ world }, input) {
      world.faults.set(faultsFrom(input));
      return { faults: world.faults.declared() };
    },
  },
  reset: {
    async POST(running) {
      await running.reset();
      return { now: running.world.clock.now() };
    },
  },
  state: {
    GET: ({ services }) =>
      Object.fromEntries(
        Object.entries(services()).flatMap(([name, service]) =>
          service.state ? [[name, service.state()]] : [],
        ),
      ),
  },
};

const NAMES = [...Object.keys(CONTROLS), 'activity'].join(', ');

function refuseWebPages({ headers }: WireRequest) {
  if (headers.origin !== undefined || !OWN_HOST.test(headers.host ?? ''))
    throw new Problem(403, 'NOT_FOR_WEB_PAGES', 'The controls answer programs on this machine only.');
}

const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

function parsed(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(text(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // falls through to the one refusal
  }
  throw new Problem(400, 'BAD_JSON', 'The body must be a JSON object.');
}

function json(response: ServerResponse, status: number, type: string, value: unknown) {
  response.writeHead(status, { 'content-type': type });
  response.end(`${JSON.stringify(value)}\n`);
}
