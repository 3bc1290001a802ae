/**
 * IP addresses as patterns compare them: by their bits, whatever their spelling.
 * https://github.com/aws/event-ruler (CIDR)
 */

/** 8 hexadecimal digits for IPv4, 32 for IPv6, or undefined when `text` is no address. */
export function addressOf(text: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) {
    const bytes = text.split('.').map(Number);
    return bytes.every((byte) => byte <= 255) ? bytes.map((byte) => hex(byte, 2)).join('') : undefined;
  }
  if (!/^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(text)) return undefined;
  const [head, tail, ...more] = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  if (!head || more.length > 0) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = tail ? [...head, ...Array.from({ length: missing }, () => '0'), ...tail] : head;
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.map((group) => hex(parseInt(group, 16), 4)).join('')
    : undefined;
}

/** Whether a text is an address within `a.b.c.d/n` or its IPv6 form. Throws Error with AWS's reason. */
export function withinCidr(cidr: string): (text: string) => boolean {
  const [ip, mask, ...more] = cidr.split('/');
  if (ip === undefined || mask === undefined || mask === '' || more.length > 0)
    throw new Error(`Malformed CIDR, one '/' required`);
  if (!/^[-+]?\d+$/.test(mask)) throw new Error('Malformed CIDR, mask bits must be an integer');
  const bits = Number(mask);
  if (bits < 0) throw new Error('Malformed CIDR, mask bits must not be negative');
  const base = addressOf(ip);
  if (base === undefined) throw new Error(`Nonstandard IP address: ${ip}`);
  const length = base.length * 4;
  if (bits >= length) throw new Error(`IPv${length === 32 ? 4 : 6} mask bits must be < ${length}`);
  const network = binary(base).slice(0, bits);
  return (text) => {
    const address = addressOf(text);
    return address !== undefined && address.length === base.length && binary(address).startsWith(network);
  };
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const binary = (address: string) =>
  Array.from(address, (digit) => parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
