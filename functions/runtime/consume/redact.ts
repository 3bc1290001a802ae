import { Buffer } from 'node:buffer';

/**
 * A message fit for logs and dead letters: without what the event said, without what looks like a secret or a person,
 * and at most `bytes` long.
 */
export function redact(message: string, data: unknown, bytes: number): string {
  let text = message.slice(0, LONGEST);
  for (const value of textsOf(data)) text = text.replaceAll(value, '…');
  for (const secret of SECRETS) text = text.replace(secret, '…');
  // What was cut off may be the rest of something that was to go.
  if (message.length > LONGEST) text = text.slice(0, text.lastIndexOf('…') + 1) || text;
  return cut(text, bytes);
}

/** More is not looked at. */
const LONGEST = 16_384;

/** A code is a name; anything else may be data. */
export const codeOf = ({ code }: { code: string }): string =>
  /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : 'UNEXPECTED';

/** The longest prefix of whole characters that fits. */
export function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let size = 3;
  let kept = '';
  for (const char of text) {
    size += Buffer.byteLength(char);
    if (size > bytes) break;
    kept += char;
  }
  return `${kept}…`;
}

/** Shorter values would also hit ordinary words and digits. */
const SHORTEST = 4;

/** The texts and numbers of the data, longest first, so that no part of a longer one is left over. */
function textsOf(data: unknown): string[] {
  const found = new Set<string>();
  const visit = (value: unknown) => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    else if (typeof value === 'string' || typeof value === 'number') found.add(String(value));
  };
  visit(data);
  return [...found].filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

const SECRETS = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9._-]+/g,
  /\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g,
  /\b(?:password|passwd|secret|token|api[-_]?key|authorization)\b\s*[=:]\s*\S+/gi,
  /\b(?:\d[ -]?){12,18}\d\b/g,
  /\b[A-Za-z0-9+/]{40,}={0,2}/g,
];
