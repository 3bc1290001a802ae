/** Chance in the embedded AWS: one seeded source, from which every id, jitter and choice is drawn. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, at least `low` and at most `high`. */
  integer(low: number, high: number): number;
  /** `count` hexadecimal digits. */
  hex(count: number): string;
  /** `count` of A–Z, a–z and 0–9. */
  letters(count: number): string;
  /** A version 4 UUID. */
  uuid(): string;
}

/** The same seed gives the same sequence (sfc32; its seed is spread by splitmix32). */
export function seeded(seed: number): Random {
  let [a, b, c, d] = spread(seed);
  const next32 = () => {
    const t = (a + b + d++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  const next = () => next32() / 2 ** 32;
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const hex = (count: number) => {
    let text = '';
    while (text.length < count) text += octets(next32());
    return text.slice(0, count);
  };

  return {
    next,
    integer,
    hex,
    letters: (count) => Array.from({ length: count }, () => LETTERS[integer(0, LETTERS.length - 1)]).join(''),
    uuid() {
      const first = octets(next32());
      const [b, c] = [(next32() & 0xffff0fff) | 0x4000, (next32() & 0x3fffffff) | 0x80000000];
      return `${first}-${pair(b >>> 16)}-${pair(b)}-${pair(c >>> 16)}-${pair(c)}${octets(next32())}`;
    },
  };
}

/** A number of 32 bits in eight hexadecimal digits. */
const octets = (word: number): string => pair(word >>> 16) + pair(word);

/** Its lower 16 bits in four. */
const pair = (word: number): string => OCTETS[(word >>> 8) & 255]! + OCTETS[word & 255]!;

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function spread(seed: number): [number, number, number, number] {
  let state = seed | 0;
  const word = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  return [word(), word(), word(), word() | 1];
}
