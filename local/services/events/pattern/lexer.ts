/** Splits JSON text into tokens and keeps its grammar; refuses in the words of Jackson, the parser of EventBridge. */

export type Token = '{' | '}' | '[' | ']' | 'name' | 'string' | 'number' | 'true' | 'false' | 'null' | 'end';

export interface Lexeme {
  token: Token;
  /** What it says: of a string or name, unescaped. */
  text: string;
  /** Where the parser stands once it has seen the token, and once its text was asked for. */
  seen: number;
  end: number;
}

/** A text that cannot be understood; the message says where, too. */
export class Unreadable extends Error {}

/** `[Source: (String)"…"; line: 1, column: 1]`; the source is cut at 500 characters. */
export function located(source: string, at: number): string {
  const before = source.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  const cut = source.length > 500 ? `[truncated ${source.length - 500} chars]` : '';
  return `[Source: (String)"${source.slice(0, 500)}"${cut}; line: ${line}, column: ${column}]`;
}

export class Lexer {
  readonly #source: string;
  /** The containers that are open, and where each began. */
  readonly #open: { kind: '{' | '['; from: number }[] = [];
  #at = 0;
  #expects: 'value' | 'first' | 'comma' | 'nothing' = 'value';

  constructor(source: string) {
    this.#source = source;
  }

  next(): Lexeme {
    this.#skipSpace();
    const mark = this.#source[this.#at];
    if (mark === undefined || this.#expects === 'nothing') return this.#endOfInput();
    if (this.#expects === 'value') return this.#value();
    if (mark === '}' || mark === ']') return this.#close(mark);
    const { kind } = this.#open.at(-1)!;
    if (this.#expects === 'comma') {
      if (mark !== ',') return this.#unexpected(`was expecting comma to separate ${KIND[kind]} entries`);
      this.#at++;
      this.#skipSpace();
    }
    return kind === '{' ? this.#name() : this.#value();
  }

  #value(): Lexeme {
    const mark = this.#source[this.#at];
    if (mark === '{' || mark === '[') {
      this.#open.push({ kind: mark, from: this.#at });
      this.#expects = 'first';
      return this.#single(mark);
    }
    const lexeme = mark === '"' ? this.#string() : this.#word();
    this.#valueRead();
    return lexeme;
  }

  #close(mark: '}' | ']'): Lexeme {
    const container = this.#open.pop()!;
    const expected = CLOSES[container.kind];
    if (mark !== expected) {
      const where = located(this.#source, container.from);
      this.#at++;
      this.#fail(
        `Unexpected close marker '${mark}': expected '${expected}' (for ${KIND[container.kind]} starting at ${where})`,
      );
    }
    this.#valueRead();
    return this.#single(mark);
  }

  #name(): Lexeme {
    if (this.#source[this.#at] !== '"')
      return this.#unexpected('was expecting double-quote to start field name');
    const lexeme = this.#string();
    this.#skipSpace();
    if (this.#source[this.#at] !== ':')
      return this.#unexpected('was expecting a colon to separate field name and value');
    this.#at++;
    this.#expects = 'value';
    return { ...lexeme, token: 'name' };
  }

  #string(): Lexeme {
    const seen = this.#at + 1;
    STRING.lastIndex = this.#at;
    const raw = STRING.exec(this.#source)?.[0];
    this.#at = raw === undefined ? this.#source.length : this.#at + raw.length;
    if (raw === undefined)
      return this.#fail('Unexpected end-of-input: was expecting closing quote for a string value');
    return { token: 'string', text: this.#unescaped(raw), seen, end: this.#at };
  }

  #unescaped(raw: string): string {
    try {
      return JSON.parse(raw) as string;
    } catch {
      const control = Array.from(raw).find((character) => character < ' ');
      return this.#fail(
        control === undefined
          ? `Unrecognized character escape '${/\\([^"\\/bfnrtu])/.exec(raw)?.[1] ?? 'u'}'`
          : `Illegal unquoted character ((CTRL-CHAR, code ${control.charCodeAt(0)})): has to be escaped using backslash to be included in string value`,
      );
    }
  }

  #word(): Lexeme {
    WORD.lastIndex = this.#at;
    const found = WORD.exec(this.#source)?.[0];
    if (found === undefined) return this.#unexpected(`expected a valid value ${A_VALUE}`);
    this.#at += found.length;
    const at = { text: found, seen: this.#at, end: this.#at };
    if (found === 'true' || found === 'false' || found === 'null') return { token: found, ...at };
    if (NUMBER.test(found)) return { token: 'number', ...at };
    return this.#fail(`Unrecognized token '${found}': was expecting ${A_VALUE}`);
  }

  #single(mark: '{' | '}' | '[' | ']'): Lexeme {
    this.#at++;
    return { token: mark, text: mark, seen: this.#at, end: this.#at };
  }

  #valueRead() {
    this.#expects = this.#open.length > 0 ? 'comma' : 'nothing';
  }

  #skipSpace() {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#source)![0].length;
  }

  #endOfInput(): Lexeme {
    const container = this.#open.at(-1);
    if (!container) return { token: 'end', text: '', seen: this.#at, end: this.#at };
    const where = located(this.#source, container.from);
    return this.#fail(
      `Unexpected end-of-input: expected close marker for ${KIND[container.kind]} (start marker at ${where})`,
    );
  }

  #unexpected(expected: string): never {
    const found = this.#source[this.#at];
    if (found === undefined) return this.#fail('Unexpected end-of-input');
    return this.#fail(`Unexpected character ('${found}' (code ${found.charCodeAt(0)})): ${expected}`);
  }

  #fail(reason: string): never {
    throw new Unreadable(`${reason}\n at ${located(this.#source, this.#at)}`);
  }
}

const KIND = { '{': 'Object', '[': 'Array' } as const;
const CLOSES = { '{': '}', '[': ']' } as const;
const A_VALUE = `(JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\[^])*"/y;
const WORD = /[-+\w.$]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
