import { message } from '../../words/message.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import { decodeBlob } from './blob.ts';
import { NET, type FieldType, type Schema } from './schema.ts';
import { addValue, MOST_VALUES, type Budget, type Tree, type TreeValue } from './tree.ts';
import { eachField } from './wire.ts';

/** Bytes of the settings of a layer; those of real layers have a few hundred. */
const MOST_SETTINGS = 2 ** 20;

/** The `NetParameter` of a `.caffemodel`. Throws a fault for bytes that are none. */
export function decodeNet(bytes: Uint8Array<ArrayBuffer>): Tree {
  return decodeMessage(bytes, NET, { values: MOST_VALUES });
}

/** Messages are nested as deep as the schema and no deeper. */
function decodeMessage(bytes: Uint8Array<ArrayBuffer>, schema: Schema, budget: Budget): Tree {
  const tree = new Map<string, TreeValue[]>();
  const keep = (name: string, value: TreeValue): void => {
    budget.values -= 1;
    if (budget.values < 0) throw unsupportedFile(message('caffeFiles.tooLarge', { most: MOST_VALUES }));
    addValue(tree, name, value);
  };
  const readers = Object.entries(schema).map(([number, [name, type]]) => [
    number,
    (field: Field) => {
      for (const value of valuesOf(field, type, budget)) keep(name, value);
    },
  ]);
  eachField(bytes, Object.fromEntries(readers) as Readers);
  return tree;
}

type Readers = Parameters<typeof eachField>[1];
type Field = Parameters<Readers[number]>[0];

function valuesOf(field: Field, type: FieldType, budget: Budget): readonly TreeValue[] {
  if (type === 'text') return [field.text()];
  if (type === 'int') return small(field.ints());
  if (type === 'float') return small(field.floats());
  if (type === 'blob') return [decodeBlob(field.bytes())];
  return [decodeMessage(field.bytes(), type, budget)];
}

function small(values: readonly number[]): readonly number[] {
  if (values.length > MOST_SETTINGS) throw brokenFile(message('caffeFiles.notProtobuf'));
  return values;
}
