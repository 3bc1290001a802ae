import { notModelled } from '../errors.ts';
import { invalid } from './template.ts';

/** `count` blocks of `2^bits` addresses each, from the start of an IPv4 block. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  if (block.includes(':')) throw notModelled('Fn::Cidr over IPv6');
  const [address = '', prefix = '32'] = block.split('/');
  const size = 2 ** bits;
  const start = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  if (count < 1 || count > 256 || count * size > 2 ** (32 - Number(prefix)))
    throw invalid(`Template error: Fn::Cidr cannot cut ${count} blocks of ${bits} bits from ${block}`);
  return Array.from({ length: count }, (_, i) => `${dotted(start + i * size)}/${32 - bits}`);
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
