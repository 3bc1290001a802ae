/** The account that a folder keeps: whose it is, how often it was begun, what time it is there. */
import type { Clock } from '../clock.ts';
import { openStorage, type Storage } from './index.ts';
import type { Shelf } from './shelf.ts';
import { DataFolderError } from './failure.ts';

export interface KeptAccount {
  storage: Storage;
  /** Told to the chance of this process, so that it makes up other names than those before it. 0 for the first. */
  chance: number;
  /** When the last one ended. @default this is the first */
  time: Time | undefined;
  /** Those that something is kept of. */
  regions: string[];
  /** The clock, with its time kept as it skips ahead. */
  clock(clock: Clock): Clock;
  /** Forgets everything but whose it is and what time it is. */
  forget(): void;
}

/** Milliseconds. */
interface Time {
  now: number;
  skipped: number;
}

interface Identity {
  account: string;
  region: string;
  /** How many processes began with it. */
  begun: number;
}

/** Not one region's. */
const WHOLE = 'account';

/** As `openStorage`; throws for a folder of another account or region, too. */
export function openAccount(
  folder: string,
  account: string,
  region: string,
  reachable: boolean,
): KeptAccount {
  const storage = openStorage(folder, reachable);
  const identities: Shelf<Identity> = storage.region(WHOLE).shelf('identity');
  const times = storage.region(WHOLE).shelf('time', (clock: Clock): Time => ({
    now: clock.now(),
    skipped: clock.skipped(),
  }));
  const before = identities.records()[0]?.[1];
  if (before && (before.account !== account || before.region !== region)) {
    storage.close();
    throw new DataFolderError(
      `${folder} keeps account ${before.account} with ${before.region} as its region, not account ${account} with ${region}.`,
    );
  }
  const begun = before?.begun ?? 0;
  const time = times.records()[0]?.[1];
  const note = () => identities.put('own', { account, region, begun: begun + 1 });
  note();
  storage.flush();

  let kept: Clock | undefined;
  const noted = async <T>(clock: Clock, work: Promise<T>): Promise<T> => {
    const outcome = await work;
    times.put('now', clock);
    storage.flush();
    return outcome;
  };
  return {
    storage,
    chance: Math.imul(begun, 0x9e3779b9),
    time,
    regions: storage.regions().filter((name) => name !== WHOLE && name !== region),
    clock(clock) {
      kept = clock;
      return {
        ...clock,
        advance: (ms) => noted(clock, clock.advance(ms)),
        until: (work) => noted(clock, clock.until(work)),
      };
    },
    forget() {
      storage.clear();
      note();
      if (kept) times.put('now', kept);
    },
  };
}
