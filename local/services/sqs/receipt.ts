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
export const receiptHandle = (queue: string, { messageId, receive }: Receipt): string =>
  sealed(queue, `${messageId}.${receive}`);

/** Throws ReceiptHandleIsInvalid for what this queue never issued. */
export function readReceipt(queue: string, handle: string): Receipt {
  const said = handle.slice(0, Math.max(0, handle.lastIndexOf('.')));
  if (sealed(queue, said) !== handle)
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  const [messageId = '', receive] = said.split('.');
  return { messageId, receive: Number(receive) };
}

/** Plain text: base64 would double what a handle costs, and a message needs one for its receive and one for its delete. */
const sealed = (queue: string, said: string): string => `${said}.${crc32(said, begun(queue)).toString(16)}`;
const begun = latest((queue: string) => crc32(queue));
