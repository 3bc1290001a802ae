/** What the grammars of all expressions share: document paths, operands, function calls, parentheses. */
import { isReserved } from './reserved.ts';
import type { Tokens } from './tokens.ts';

/** Names and indexes from the item inwards. A name that begins with `#` stands for one of ExpressionAttributeNames. */
export interface Path {
  kind: 'path';
  parts: (string | number)[];
}

/** `:name` of ExpressionAttributeValues. */
export interface Placeholder {
  kind: 'value';
  name: string;
}

export interface FunctionCall<Argument> {
  kind: 'call';
  name: string;
  arguments: Argument[];
}

/** An expression as parsed, and the placeholders in it in the order of their first use. */
export interface Parsed<Tree> {
  tree: Tree;
  /** `ConditionExpression` and so on: how errors call it. */
  parameter: string;
  names: string[];
  values: string[];
  paths: Path[];
}

/** Gathers what is wrong with an expression that is well-formed: AWS names only one fault, the first of the gravest kind. */
export interface Faults {
  parentheses?: string;
  unknownFunction?: string;
  misusedFunction?: string;
  reserved?: string;
  repeatedSection?: string;
}

/** What a parser reads from and writes to. */
export interface Reading {
  tokens: Tokens;
  faults: Faults;
  names: Set<string>;
  values: Set<string>;
  paths: Path[];
}

/** Parses a whole expression with `grammar`; throws ValidationException. */
export function parsed<Tree>(
  parameter: string,
  tokens: Tokens,
  grammar: (reading: Reading) => Tree,
): Parsed<Tree> {
  const reading: Reading = { tokens, faults: {}, names: new Set(), values: new Set(), paths: [] };
  const tree = grammar(reading);
  if (tokens.peek().kind !== 'end') throw tokens.unexpected();
  const { parentheses, unknownFunction, misusedFunction, reserved, repeatedSection } = reading.faults;
  const fault = parentheses ?? unknownFunction ?? misusedFunction ?? reserved ?? repeatedSection;
  if (fault !== undefined) throw tokens.refused(fault);
  return {
    tree,
    parameter,
    names: [...reading.names],
    values: [...reading.values],
    paths: reading.paths,
  };
}

export const REDUNDANT_PARENTHESES = 'The expression has redundant parentheses;';

/** `a.b[0].#c` */
export function path({ tokens, faults, names, paths }: Reading): Path {
  const found: Path = { kind: 'path', parts: [name()] };
  paths.push(found);
  for (;;) {
    if (tokens.skip('.')) found.parts.push(name());
    else if (tokens.skip('[')) found.parts.push(index());
    else return found;
  }

  function name(): string {
    const { kind, text } = tokens.peek();
    if (kind !== 'word' && kind !== 'name') throw tokens.unexpected();
    if (kind === 'name') names.add(text);
    else if (isReserved(text))
      faults.reserved ??= `Attribute name is a reserved keyword; reserved keyword: ${text}`;
    tokens.next();
    return text;
  }

  function index(): number {
    const { kind, text } = tokens.peek();
    if (kind !== 'index') throw tokens.unexpected();
    tokens.next();
    tokens.expect(']');
    if (Number(text) > HIGHEST_INDEX)
      throw tokens.refused(`List index is not within the allowable range; index: [${text}]`);
    return Number(text);
  }
}

const HIGHEST_INDEX = 2 ** 31 - 1;

/** `:name` */
export function placeholder({ tokens, values }: Reading): Placeholder {
  const { text } = tokens.next();
  values.add(text);
  return { kind: 'value', name: text };
}

/** `name(argument, …)` */
export function call<Argument>({ tokens }: Reading, argument: () => Argument): FunctionCall<Argument> {
  const { text } = tokens.next();
  return { kind: 'call', name: text, arguments: list(tokens, argument) };
}

/** `(element, …)` */
export function list<Element>(tokens: Tokens, element: () => Element): Element[] {
  tokens.expect('(');
  const elements = [element()];
  while (tokens.skip(',')) elements.push(element());
  tokens.expect(')');
  return elements;
}

/** Parses each text once: a few thousand of the latest are kept. */
export function cached<Tree>(parse: (text: string) => Tree): (text: string) => Tree {
  const kept = new Map<string, Tree>();
  return (text) => {
    let tree = kept.get(text);
    if (tree === undefined) {
      tree = parse(text);
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
      kept.set(text, tree);
    }
    return tree;
  };
}

const KEPT = 2000;
