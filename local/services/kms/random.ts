/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html */
import type * as KMS from '@aws-sdk/client-kms';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkRange, invalid } from './limits.ts';

export const drawing = ({ random }: World) => ({
  GenerateRandom({ NumberOfBytes, Recipient, CustomKeyStoreId }: KMS.GenerateRandomCommandInput) {
    if (Recipient ?? CustomKeyStoreId) throw notModelled('enclaves and custom key stores');
    if (NumberOfBytes === undefined) throw invalid('NumberOfBytes is required.');
    checkRange('numberOfBytes', NumberOfBytes, 1, 1024);
    return {
      Plaintext: Buffer.from(random.hex(NumberOfBytes * 2), 'hex'),
    } satisfies Answer<KMS.GenerateRandomCommandOutput>;
  },
});
