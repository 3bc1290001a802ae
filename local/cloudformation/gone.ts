import { AwsError } from '../errors.ts';

/** Whether a service says that what is to be changed is not there. */
export const isGone = (error: unknown): boolean =>
  error instanceof AwsError && /NotFound|DoesNotExist|NoSuch|NonExistent/.test(error.code);

/** Work on what may be gone already, or may never have come about. */
export async function ifThere(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}
