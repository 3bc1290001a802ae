import { crc32 } from 'node:zlib';
import { AwsError } from '../../errors.ts';
import { latest } from '../../wire/latest.ts';

/** What a receipt handle says: it needs no table, because it carries the message and which receive it was issued for. */
export interface Receipt {
  messageId: string;
  /** The message's receive count at that receive. */
  receive: number;
}

/** `queue` is the ARN; a handle is only good for the queue that issued it. */
export const receiptHandle = (queue: string, { messageId, receive }: Receipt): string => {
  const said = `${messageId} ${receive}`;
  return Buffer.from(`${said} ${seal(queue, said)}`).toString('base64');
};

/** Throws ReceiptHandleIsInvalid for what this queue never issued. */
export function readReceipt(queue: string, handle: string): Receipt {
  const [messageId = '', receive] = Buffer.from(handle, 'base64').toString().split(' ');
  const receipt = { messageId, receive: Number(receive) };
  if (receiptHandle(queue, receipt) !== handle)
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  return receipt;
}

const seal = (queue: string, said: string): string => crc32(said, begun(queue)).toString(16);
const begun = latest((queue: string) => crc32(queue));
