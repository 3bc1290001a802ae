/** The grammar of UpdateExpression. */
import {
  cached,
  call,
  parsed,
  path,
  placeholder,
  REDUNDANT_PARENTHESES,
  type FunctionCall,
  type Parsed,
  type Path,
  type Placeholder,
  type Reading,
} from './syntax.ts';
import { tokensOf } from './tokens.ts';

export type UpdateOperand = Path | Placeholder | FunctionCall<UpdateOperand> | Sum;

export interface Sum {
  kind: 'sum';
  operator: '+' | '-';
  left: UpdateOperand;
  right: UpdateOperand;
}

export type Action =
  | { kind: 'SET'; path: Path; value: UpdateOperand }
  | { kind: 'REMOVE'; path: Path }
  | { kind: 'ADD' | 'DELETE'; path: Path; value: Placeholder };

export const updateExpression = cached((text): Parsed<Action[]> =>
  parsed('UpdateExpression', tokensOf('UpdateExpression', text, SECTIONS), grammar),
);

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'];
const FUNCTIONS = ['if_not_exists', 'list_append'];
/** Known functions, but of conditions only. */
const CONDITIONS = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
];

function grammar(reading: Reading): Action[] {
  const { tokens, faults } = reading;
  const seen = new Set<string>();
  const actions: Action[] = [];

  do {
    if (!tokens.is(...SECTIONS)) throw tokens.unexpected();
    const section = tokens.next().text.toUpperCase() as Action['kind'];
    do actions.push(action(section));
    while (tokens.skip(','));
    if (seen.has(section))
      faults.repeatedSection ??= `The "${section}" section can only be used once in an update expression;`;
    seen.add(section);
  } while (tokens.peek().kind !== 'end');
  return actions;

  function action(kind: Action['kind']): Action {
    const target = path(reading);
    if (kind === 'REMOVE') return { kind, path: target };
    if (kind === 'SET') {
      tokens.expect('=');
      return { kind, path: target, value: sum() };
    }
    if (tokens.peek().kind !== 'value') throw tokens.unexpected();
    return { kind, path: target, value: placeholder(reading) };
  }

  function sum(): UpdateOperand {
    const left = operand();
    if (!tokens.is('+', '-')) return left;
    const operator = tokens.next().text as '+' | '-';
    return { kind: 'sum', operator, left, right: operand() };
  }

  function operand(): UpdateOperand {
    const { kind, text } = tokens.peek();
    if (kind === 'value') return placeholder(reading);
    if (tokens.skip('(')) {
      const opensAgain = tokens.is('(');
      const inner = sum();
      if (opensAgain && inner.kind !== 'sum') faults.parentheses ??= REDUNDANT_PARENTHESES;
      tokens.expect(')');
      return inner;
    }
    if (kind !== 'word' || !tokens.isFollowedBy('(')) return path(reading);
    if (CONDITIONS.includes(text))
      faults.misusedFunction ??= `The function is not allowed in an update expression; function: ${text}`;
    else if (!FUNCTIONS.includes(text)) faults.unknownFunction ??= `Invalid function name; function: ${text}`;
    return call(reading, operand);
  }
}
