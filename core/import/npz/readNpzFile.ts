import { message } from '../../words/message.ts';
import { brokenFile, namingFile } from '../fileFault.ts';
import type { ForeignTensor, ForeignWeights, ModelFile } from '../foreignModel.ts';
import { withoutPrefixes } from '../prefixes.ts';
import { looksLikeNpy } from '../signatures.ts';
import { openZip } from '../zip.ts';
import { readNpy, type NpyArray } from './npyArray.ts';
import { HEADER_REACH } from './npyHeader.ts';

const ENDING = '.npy';
/** Names of arrays of texts that list the classes. */
const CLASS_KEYS: readonly string[] = ['classes', 'class_names', 'names', 'labels'];

interface Member {
  readonly name: string;
  readonly array: NpyArray;
}

/**
 * Reads an `.npz` file, stored or compressed, or a single `.npy` file, whose array has the file's name. An array of
 * texts named `classes` gives the names of the classes. Throws `AppError('model-invalid')` and
 * `AppError('model-unsupported')`: arrays of Python objects would have to be executed. A damaged array is found when it
 * is read.
 */
export function readNpzFile(file: ModelFile): ForeignWeights {
  return namingFile(file.name, () => {
    const members = looksLikeNpy(file.bytes) ? [singleMember(file)] : membersOf(file.bytes);
    const numbers = members.flatMap(({ name, array }): readonly ForeignTensor[] => {
      if (array.kind !== 'numbers') return [];
      const { dims, dtype, read } = array;
      return [{ name, dims, dtype, read: () => namingFile(file.name, read) }];
    });
    if (numbers.length === 0) throw brokenFile(message('weightFiles.noArrays'));
    const short = withoutPrefixes(numbers.map(({ name }) => name));
    return {
      kind: 'weights',
      format: 'npz',
      tensors: numbers.map((tensor, index) => ({ ...tensor, name: short.names[index] ?? tensor.name })),
      metadata: metadataOf(members),
      classNames: classNamesOf(members),
      notes: short.notes,
    };
  });
}

function singleMember({ name, bytes }: ModelFile): Member {
  const short = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : name;
  return { name: short, array: readNpy(short, { size: bytes.length, start: bytes, content: () => bytes }) };
}

/** All arrays. Of a compressed one only the header is inflated here; its checksum is compared when it is read. */
function membersOf(bytes: Uint8Array<ArrayBuffer>): readonly Member[] {
  const zip = openZip(bytes);
  return zip.entries.map((entry) => {
    if (!entry.name.endsWith(ENDING))
      throw brokenFile(message('weightFiles.notAnArray', { name: entry.name }));
    const name = entry.name.slice(0, -ENDING.length);
    const start = zip.start(entry.name, HEADER_REACH) ?? new Uint8Array();
    const content = (): Uint8Array<ArrayBuffer> => zip.read(entry.name) ?? new Uint8Array();
    return { name, array: readNpy(name, { size: entry.size, start, content }) };
  });
}

function classNamesOf(members: readonly Member[]): readonly string[] | null {
  for (const { name, array } of members)
    if (CLASS_KEYS.includes(name) && array.kind === 'texts' && array.texts.length > 0) return array.texts;
  return null;
}

function metadataOf(members: readonly Member[]): Record<string, string> {
  const texts = Object.create(null) as Record<string, string>;
  for (const { name, array } of members)
    if (array.kind === 'texts' && array.texts.length === 1) texts[name] = array.texts[0] ?? '';
  return texts;
}
