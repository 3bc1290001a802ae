/** Batches of which a part fails: some entries run, the others are answered as failed. */
import type { Step } from '../dispatch.ts';
import type { Fault } from '../faults.ts';

type Entry = Record<string, unknown>;
type Output = Record<string, unknown>;

/** How one batch operation lists its entries, and how it answers when `failed` of them did not run. */
interface Batch {
  entries(input: Output): Entry[];
  only(input: Output, entries: Entry[]): Output;
  /** `output` is `undefined` when no entry ran. */
  answer(output: Output | undefined, failed: Map<Entry, Fault>, all: Entry[]): Output;
}

/** Draws for every entry by itself. Operations that are no batch run whole. */
export async function runPartly(
  step: Step,
  run: (step: Step) => Promise<unknown>,
  draw: () => Fault | undefined,
): Promise<unknown> {
  const batch = BATCHES[`${step.service}:${step.operation}`];
  if (!batch) return run(step);
  const all = batch.entries(step.input as Output);
  const failed = new Map<Entry, Fault>();
  for (const entry of all) {
    const fault = draw();
    if (fault) failed.set(entry, fault);
  }
  if (failed.size === 0) return run(step);
  const left = all.filter((entry) => !failed.has(entry));
  const output =
    left.length > 0 ? await run({ ...step, input: batch.only(step.input as Output, left) }) : undefined;
  return batch.answer(output as Output | undefined, failed, all);
}

const entriesOf = (input: Output) => (input.Entries ?? []) as Entry[];
const onlyEntries = (input: Output, Entries: Entry[]) => ({ ...input, Entries });

/** SQS names each failed entry by its id. */
const byId: Batch = {
  entries: entriesOf,
  only: onlyEntries,
  answer: (output = {}, failed) => ({
    ...output,
    Failed: [
      ...((output.Failed ?? []) as Entry[]),
      ...[...failed].map(([{ Id }, { code = 'InternalError', message = 'Injected by a fault.' }]) => ({
        Id,
        Code: code,
        Message: message,
        SenderFault: false,
      })),
    ],
  }),
};

/** EventBridge answers each entry at its own index. */
const byIndex: Batch = {
  entries: entriesOf,
  only: onlyEntries,
  answer(output, failed, all) {
    const ran = ((output?.Entries ?? []) as Entry[]).values();
    const Entries = all.map((entry) => {
      const fault = failed.get(entry);
      if (!fault) return ran.next().value;
      const { code = 'InternalFailure', message = 'Injected by a fault.' } = fault;
      return { ErrorCode: code, ErrorMessage: message };
    });
    return { Entries, FailedEntryCount: failed.size + Number(output?.FailedEntryCount ?? 0) };
  },
};

const BATCHES: Record<string, Batch> = {
  'sqs:SendMessageBatch': byId,
  'sqs:DeleteMessageBatch': byId,
  'sqs:ChangeMessageVisibilityBatch': byId,
  'events:PutEvents': byIndex,
};
