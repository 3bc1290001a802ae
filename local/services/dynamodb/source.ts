/** Where a Query or Scan reads: a table, or one of its indexes. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import { invalid, invalidParameter } from './errors.ts';
import type { Row, Rows } from './rows.ts';
import {
  placeIn,
  projectedNames,
  tableNamed,
  type Database,
  type Index,
  type KeySchema,
  type Table,
} from './table.ts';

export interface Source {
  table: Table;
  /** @default the table itself */
  index: Index | undefined;
  schema: KeySchema;
  rows: Rows;
  /** The whole item of a local index's row, where the caller wants more than the index holds; undefined: it does not. */
  whole: ((row: Row) => Row) | undefined;
}

interface Input {
  TableName?: string | undefined;
  IndexName?: string | undefined;
  ConsistentRead?: boolean | undefined;
  Select?: DDB.Select | undefined;
  ProjectionExpression?: string | undefined;
}

/** Throws ValidationException and ResourceNotFoundException. `wanted` are the attributes that the projection names. */
export function sourceOf(db: Database, input: Input, wanted: Set<string>): Source {
  checkSelect(input);
  const table = tableNamed(db, input.TableName!);
  if (input.IndexName === undefined)
    return { table, index: undefined, schema: table.schema, rows: table.rows, whole: undefined };

  const index = table.indexes.find(({ name }) => name === input.IndexName);
  if (!index) throw invalid(`The table does not have the specified index: ${input.IndexName}`);
  if (index.kind === 'global' && input.ConsistentRead)
    throw invalid('Consistent reads are not supported on global secondary indexes');
  const lacking = lacks(index, table, input.Select, wanted);
  if (lacking && index.kind === 'global')
    throw invalidParameter(
      input.Select === 'ALL_ATTRIBUTES'
        ? `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`
        : `Global secondary index ${index.name} does not project [${lacking.join(', ')}]`,
    );
  return {
    table,
    index,
    schema: index.schema,
    rows: index.rows,
    whole: lacking ? (row) => table.rows.get(placeIn(table.schema, row.item))! : undefined,
  };
}

/** The attributes that the caller wants and the index has not, if any. */
function lacks(
  { schema, projection }: Index,
  table: Table,
  select: DDB.Select | undefined,
  wanted: Set<string>,
): string[] | undefined {
  if (projection.ProjectionType === 'ALL') return undefined;
  if (select === 'ALL_ATTRIBUTES') return [];
  const held = projectedNames(schema, projection, table.schema);
  const lacking = [...wanted].filter((name) => !held.has(name));
  return lacking.length > 0 ? lacking : undefined;
}

function checkSelect({ Select, ProjectionExpression, IndexName }: Input): void {
  if (Select === 'SPECIFIC_ATTRIBUTES' && ProjectionExpression === undefined)
    throw invalid(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  if (Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES' && ProjectionExpression !== undefined)
    throw invalid(
      `Cannot specify the ProjectionExpression when choosing to get ${Select === 'COUNT' ? 'only the Count' : Select}`,
    );
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined)
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
}
