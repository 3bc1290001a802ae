import { invalid } from '../errors.ts';

export interface Token {
  kind: 'keyword' | 'word' | 'name' | 'value' | 'index' | 'symbol' | 'end';
  text: string;
  start: number;
  end: number;
}

export type Tokens = ReturnType<typeof tokensOf>;

/**
 * The tokens of an expression, read one by one. `parameter` is its name in the request, such as `ConditionExpression`;
 * `keywords`, in upper case, are the words that name no attribute.
 */
export function tokensOf(parameter: string, source: string, keywords: string[]) {
  const tokens = lex(source, keywords);
  let at = 0;
  const peek = (): Token => tokens[at]!;

  /** AWS shows the token, and as "near" the source from the token before it to the one after it. */
  const unexpected = (token = peek()): Error => {
    const i = tokens.indexOf(token);
    const before = tokens[i - 1] ?? token;
    const after = tokens[i + 1];
    const near = source.slice(
      before.start,
      after && after.kind !== 'end' ? after.end : token.end || before.end,
    );
    const shown = token.kind === 'end' ? '<EOF>' : token.text;
    return refused(`Syntax error; token: "${shown}", near: "${token.kind === 'end' ? before.text : near}"`);
  };
  const refused = (detail: string): Error => invalid(`Invalid ${parameter}: ${detail}`);
  const is = (...texts: string[]): boolean => {
    const { kind, text } = peek();
    return (kind === 'keyword' || kind === 'symbol') && texts.includes(text.toUpperCase());
  };
  const next = (): Token => tokens[at++]!;

  if (source === '') throw refused('The expression can not be empty;');
  return {
    peek,
    next,
    is,
    unexpected,
    refused,
    /** Whether the token after the next one is this symbol. */
    isFollowedBy: (text: string): boolean => tokens[at + 1]?.text === text,
    /** Reads the next token if it is one of these words or symbols. */
    skip(...texts: string[]): boolean {
      if (!is(...texts)) return false;
      at++;
      return true;
    },
    /** Reads the next token, which must be this one. */
    expect(text: string): void {
      if (!is(text)) throw unexpected();
      at++;
    },
  };
}

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<=|>=|<>|\S))/y;
const KINDS = ['word', 'name', 'value', 'index', 'symbol'] as const;

function lex(source: string, keywords: string[]): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const group = match.slice(1).findIndex((text) => text !== undefined);
    const text = match[group + 1]!;
    const end = TOKEN.lastIndex;
    const kind = group === 0 && keywords.includes(text.toUpperCase()) ? 'keyword' : KINDS[group]!;
    tokens.push({ kind, text, start: end - text.length, end });
  }
  tokens.push({ kind: 'end', text: '', start: source.length, end: source.length });
  return tokens;
}
