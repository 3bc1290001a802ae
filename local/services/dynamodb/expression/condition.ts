/** The grammar of ConditionExpression, FilterExpression and KeyConditionExpression. */
import {
  cached,
  call,
  list,
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

export type Operand = Path | Placeholder | FunctionCall<Operand>;

export type Condition =
  | { kind: 'compare'; operator: Comparator; left: Operand; right: Operand }
  | { kind: 'between'; operand: Operand; low: Operand; high: Operand }
  | { kind: 'in'; operand: Operand; among: Operand[] }
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; condition: Condition }
  | FunctionCall<Operand>;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** How many operands each function takes. */
export const FUNCTIONS: Record<string, number> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};

export const conditionExpression = cached((text) => parse('ConditionExpression', text));
export const filterExpression = cached((text) => parse('FilterExpression', text));
export const keyConditionExpression = cached((text) => parse('KeyConditionExpression', text));

const parse = (parameter: string, text: string): Parsed<Condition> =>
  parsed(parameter, tokensOf(parameter, text, KEYWORDS), grammar);

const KEYWORDS = ['AND', 'OR', 'NOT', 'IN', 'BETWEEN'];
const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];

/** What stands between two AND: until an operator is seen an operand may yet become one side of a comparison. */
type Term = Condition | Operand;

function grammar(reading: Reading): Condition {
  const { tokens, faults } = reading;
  const parenthesized = new WeakSet<Term>();
  let operators = 0;

  const either = (): Term => {
    let left = both();
    while (tokens.is('OR')) left = joined('or', left, both);
    return left;
  };
  const both = (): Term => {
    let left = negated();
    while (tokens.is('AND')) left = joined('and', left, negated);
    return left;
  };
  const joined = (kind: 'and' | 'or', before: Term, then: () => Term): Condition => {
    const left = asCondition(before);
    tokens.next();
    counted();
    return { kind, left, right: asCondition(then()) };
  };
  const negated = (): Term => {
    if (!tokens.skip('NOT')) return compared();
    counted();
    return { kind: 'not', condition: asCondition(negated()) };
  };
  const compared = (): Term => {
    const left = term();
    if (!isOperand(left) || !tokens.is(...COMPARATORS, 'BETWEEN', 'IN')) return left;
    const operand = allowedOperand(left);
    counted();
    const operator = tokens.next().text;
    if (operator.toUpperCase() === 'IN') return { kind: 'in', operand, among: among() };
    if (operator.toUpperCase() !== 'BETWEEN')
      return { kind: 'compare', operator: operator as Comparator, left: operand, right: operandOnly() };
    const low = operandOnly();
    tokens.expect('AND');
    return { kind: 'between', operand, low, high: operandOnly() };
  };
  const among = (): Operand[] => {
    const operands = list(tokens, operandOnly);
    if (operands.length > 100)
      throw tokens.refused(
        `The IN operator is provided with too many operands; number of operands: ${operands.length}`,
      );
    return operands;
  };
  const term = (): Term => (tokens.is('(') ? inParentheses(either) : operandAlone());
  const operandOnly = (): Operand =>
    allowedOperand(tokens.is('(') ? inParentheses(operandOnly) : operandAlone());
  const inParentheses = <Node extends Term>(inner: () => Node): Node => {
    tokens.expect('(');
    const node = inner();
    tokens.expect(')');
    if (parenthesized.has(node)) faults.parentheses ??= REDUNDANT_PARENTHESES;
    parenthesized.add(node);
    return node;
  };
  const operandAlone = (): Operand => {
    const { kind, text } = tokens.peek();
    if (kind === 'value') return placeholder(reading);
    if (kind !== 'word' || !tokens.isFollowedBy('(')) return path(reading);
    if (!Object.hasOwn(FUNCTIONS, text))
      faults.unknownFunction ??= `Invalid function name; function: ${text}`;
    return call(reading, operandOnly);
  };

  /** Only `size` gives a value; every other function is a condition itself. */
  const allowedOperand = (operand: Operand): Operand => {
    if (operand.kind === 'call' && operand.name !== 'size') misused(operand.name);
    return operand;
  };
  const asCondition = (node: Term): Condition => {
    if (node.kind === 'path' || node.kind === 'value') throw tokens.unexpected();
    if (node.kind === 'call' && node.name === 'size') misused('size');
    return node;
  };
  const misused = (name: string) => {
    faults.misusedFunction ??= `The function is not allowed to be used this way in an expression; function: ${name}`;
  };
  const counted = () => void operators++;

  const condition = asCondition(either());
  if (operators > MOST_OPERATORS)
    throw tokens.refused(`The expression contains too many operators; operator count: ${MOST_OPERATORS + 1}`);
  return condition;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MOST_OPERATORS = 300;

const isOperand = (term: Term): term is Operand =>
  term.kind === 'path' || term.kind === 'value' || term.kind === 'call';
