import { neededIn, type Ambient } from '../ambient.ts';

/** What the environment of a consumer's function says. */
export interface Settings {
  /** `SPILLWAY_CONSUMER`: its name. */
  consumer: string;
  /** `SPILLWAY_BUS`: the name of the pipeline's bus, a dimension of its metrics. */
  bus: string;
  /** `SPILLWAY_TABLE`. Undefined when stateless. */
  table: string | undefined;
  /** `SPILLWAY_DEAD_LETTER_URLS`: queue ARN to dead-letter queue URL, as JSON. */
  deadLetterUrls: Record<string, string>;
  /** `SPILLWAY_SAYS`: the types of what it publishes and sends, as JSON. @default whatever it decides */
  says: ReadonlySet<string> | undefined;
  /** `SPILLWAY_MAX_RECEIVES`, after which a record is dead-lettered. @default never */
  maxReceives: number;
  /** `SPILLWAY_MARKS_EXPIRE_AFTER`, there in seconds, here in milliseconds. @default marks are kept for ever */
  expireAfter: number | undefined;
}

/** Throws when something is missing. */
export function settingsOf(env: Ambient['env'], stateless: boolean): Settings {
  const needed = neededIn(env);
  const { SPILLWAY_DEAD_LETTER_URLS, SPILLWAY_SAYS, SPILLWAY_MAX_RECEIVES, SPILLWAY_MARKS_EXPIRE_AFTER } =
    env;
  return {
    consumer: needed('SPILLWAY_CONSUMER'),
    bus: needed('SPILLWAY_BUS'),
    table: stateless ? undefined : needed('SPILLWAY_TABLE'),
    deadLetterUrls: JSON.parse(SPILLWAY_DEAD_LETTER_URLS ?? '{}'),
    says: SPILLWAY_SAYS === undefined ? undefined : new Set<string>(JSON.parse(SPILLWAY_SAYS)),
    maxReceives: Number(SPILLWAY_MAX_RECEIVES ?? Infinity),
    expireAfter: SPILLWAY_MARKS_EXPIRE_AFTER ? Number(SPILLWAY_MARKS_EXPIRE_AFTER) * 1000 : undefined,
  };
}
