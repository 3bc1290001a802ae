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
  const value = setValue(reading);
  const seen = new Set<string>();
  const actions: Action[] = [];

  const action = (kind: Action['kind']): Action => {
    const target = path(reading);
    if (kind === 'REMOVE') return { kind, path: target };
    if (kind === 'SET') {
      tokens.expect('=');
      return { kind, path: target, value: value() };
    }
    if (tokens.peek().kind !== 'value') throw tokens.unexpected();
    return { kind, path: target, value: placeholder(reading) };
  };

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
}

/** The grammar of what SET assigns: one operand, or two added or subtracted. */
function setValue(reading: Reading): () => UpdateOperand {
  const { tokens, faults } = reading;
  const parenthesized = new WeakSet<UpdateOperand>();

  const value = (): UpdateOperand => {
    const left = tokens.is('(') ? inParentheses(value) : anyOperand();
    if (left.kind === 'sum' || !tokens.is('+', '-')) return left;
    const operator = tokens.next().text as '+' | '-';
    return { kind: 'sum', operator, left: inner(left), right: operand() };
  };
  const operand = (): UpdateOperand => inner(tokens.is('(') ? inParentheses(operand) : anyOperand());
  const anyOperand = (): UpdateOperand => {
    const { kind, text } = tokens.peek();
    if (kind === 'value') return placeholder(reading);
    if (kind !== 'word' || !tokens.isFollowedBy('(')) return path(reading);
    if (CONDITIONS.includes(text))
      faults.misusedFunction ??= `The function is not allowed in an update expression; function: ${text}`;
    else if (!FUNCTIONS.includes(text)) faults.unknownFunction ??= `Invalid function name; function: ${text}`;
    return call(reading, operand);
  };
  /** Within anything else only `if_not_exists` may stand. */
  const inner = (it: UpdateOperand): UpdateOperand => {
    if (it.kind === 'call' && it.name === 'list_append')
      faults.misusedFunction ??= `The function is not allowed to be used this way in an expression; function: ${it.name}`;
    return it;
  };
  const inParentheses = (of: () => UpdateOperand): UpdateOperand => {
    tokens.expect('(');
    const it = of();
    tokens.expect(')');
    if (parenthesized.has(it)) faults.parentheses ??= REDUNDANT_PARENTHESES;
    parenthesized.add(it);
    return it;
  };
  return value;
}
