/**
 * Reads JSON text token by token, so that a refusal can say where it stands in the words of the parser that EventBridge
 * uses (Jackson's ReaderBasedJsonParser). That parser is lazy about strings: a string token ends after its opening
 * quote until its text is asked for; and it reads the value after a name together with the name.
 */
import { Lexer, located, Unreadable, type Lexeme, type Token } from './lexer.ts';

export interface Reader {
  next(): Token;
  /** The text of the token that was read last. */
  text(): string;
  /** Refuses the text at the place that has been read. Throws Unreadable. */
  fail(reason: string): never;
}

export function reader(source: string): Reader {
  const lexer = new Lexer(source);
  let current: Lexeme = { token: 'end', text: '', seen: 0, end: 0 };
  let ahead: Lexeme | undefined;
  let at = 0;

  return {
    next() {
      current = ahead ?? lexer.next();
      ahead = current.token === 'name' ? lexer.next() : undefined;
      at = (ahead ?? current).seen;
      return current.token;
    },
    text() {
      if (current.token !== 'name') at = current.end;
      return current.text;
    },
    fail(reason) {
      throw new Unreadable(`${reason}\n at ${located(source, at)}`);
    },
  };
}
