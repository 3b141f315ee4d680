import { AppError } from '../../diagnostics/appError.ts';
import { message, type Message } from '../../words/message.ts';
import type { ModelFile } from '../foreignModel.ts';

/** The files of a model: the text that describes the network, and the weights. */
interface CaffeFiles {
  /** Null where the weights have the description too. */
  readonly text: NamedFile | null;
  readonly weights: NamedFile;
}

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const TEXT = '.prototxt';
const WEIGHTS = '.caffemodel';
/** Files in a message. */
const MOST_LISTED = 5;

/** The file and the other half beside it. Throws
 * `AppError('model-invalid')` where it is not there, and where there are several that it could be. */
export function filesOf(file: ModelFile): CaffeFiles {
  if (isNamed(file.name, TEXT)) {
    const name = weightsBeside(file);
    return { text: file, weights: { name, bytes: opened(file, name) } };
  }
  const name = textBeside(file);
  return { text: name === null ? null : { name, bytes: opened(file, name) }, weights: file };
}

function weightsBeside(file: ModelFile): string {
  const found = withEnding(file, WEIGHTS);
  const own = ofStem(file, found);
  const [only] = found;
  if (own !== undefined) return own;
  if (only === undefined) throw failure(file, message('caffeFiles.noWeightsBeside', { file: file.name }));
  if (found.length > 1) throw ambiguous(file, 'caffeFiles.severalWeights', found);
  return only;
}

/** The description of the same name, the only one, or the only one that is called deploy; null where there is none. */
function textBeside(file: ModelFile): string | null {
  const found = withEnding(file, TEXT).filter((name) => !/solver/iu.test(name));
  const own = ofStem(file, found);
  if (own !== undefined) return own;
  const deploys = found.filter((name) => /deploy/iu.test(name));
  const [only, ...others] = deploys.length === 1 ? deploys : found;
  if (only === undefined) return null;
  if (others.length > 0) throw ambiguous(file, 'caffeFiles.severalTexts', found);
  return only;
}

function ambiguous(
  file: ModelFile,
  key: 'caffeFiles.severalWeights' | 'caffeFiles.severalTexts',
  found: readonly string[],
): AppError {
  const names = found.slice(0, MOST_LISTED);
  return failure(file, message(key, { file: file.name, names, count: found.length }));
}

function failure({ name }: ModelFile, said: Message): AppError {
  return new AppError('model-invalid', said, { where: name });
}

function withEnding(file: ModelFile, ending: string): readonly string[] {
  return file
    .names()
    .filter((name) => isNamed(name, ending))
    .sort();
}

function isNamed(name: string, ending: string): boolean {
  return name.toLowerCase().endsWith(ending);
}

/** The file with the same name but for the ending. */
function ofStem(file: ModelFile, names: readonly string[]): string | undefined {
  const stem = (name: string): string => name.slice(0, name.lastIndexOf('.'));
  return names.find((name) => stem(name) === stem(file.name));
}

function opened(file: ModelFile, name: string): Uint8Array<ArrayBuffer> {
  const bytes = file.beside(name);
  if (bytes === null) throw failure(file, message('caffeFiles.notOpened', { file: file.name, name }));
  return bytes;
}
