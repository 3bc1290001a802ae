import type { Guarantees } from './guarantee.ts';

/** What holds for every event and every consumer that it is for, whatever goes wrong. */
export const INVARIANTS: Guarantees = {
  I1: {
    means: 'Conservation: an accepted event has one effect or one dead letter; until then it is under way.',
  },
  I2: { means: 'At most once: never two effects, through duplicates, crashes, redrive, replay and time.' },
  I3: {
    means: 'No invention: an effect comes from an event that was sent, with its payload.',
  },
  I4: { means: 'Rejected is rejected: what was refused has no effect and is nowhere.' },
  I5: { means: 'Reason: a dead letter says what failed, for whom, how often and when.' },
  I6: {
    means: 'Precision: poison dies after one attempt; anything else only when every attempt really failed.',
  },
  I7: {
    means: 'Redrive conserves: what was dead is applied or still dead; twice is once.',
  },
  I8: {
    means: 'Replay changes nothing for what was applied, and applies what never arrived.',
  },
  I9: { means: 'Order: the final state is the same, whatever order events arrive in.' },
  I10: { means: 'Liveness: once faults end, everything under way comes to rest.' },
  I11: { means: 'Memory: no mark is forgotten while a copy can still arrive.' },
  I12: { means: 'Secrecy: nothing secret or personal is in logs, metrics, reasons or output.' },
  I13: {
    means: 'Isolation: an effect touches only its own keys, and the quiet do not wait for the loud.',
  },
  I14: { means: 'Determinism: the same seed gives the same run.' },
  I15: { means: 'Outbox: what was committed is published, and nothing else.' },
  I16: { means: 'Acknowledgement comes after the durable write.' },
  I17: { means: 'A message goes through a bounded number of consumers.' },
};
