import { AppError } from '../../diagnostics/appError.ts';
import { message, type Message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import { childrenOf, createSearch, isModule, type Search } from './children.ts';
import { isStructure, type PickleValue, type StrangeTensor, type TorchTensor } from './pickle/values.ts';

/**
 * The names under which checkpoints have weights, in the order of preference. Averaged weights come first: timm and
 * Ultralytics prefer them too, and their authors report accuracy with them.
 */
const PARTS = [
  'state_dict_ema',
  'model_ema',
  'model_ema_state_dict',
  'ema_state_dict',
  'ema',
  'params_ema',
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'net',
  'network',
  'module',
  'params',
  'weights',
] as const;
/** A part may have parts: `ema` of `{'ema': {'module': …}}`. */
const MOST_LEVELS = 4;
/** Parts that the message about a missing one lists. */
const MOST_LISTED = 20;

interface StateDict {
  readonly tensors: readonly { readonly name: string; readonly tensor: TorchTensor | StrangeTensor }[];
  /** The values on the way from the file's value to the one with the tensors, both included. */
  readonly way: readonly PickleValue[];
  readonly notes: readonly Message[];
}

/**
 * Finds the tensors of a state dict in the value of a file: the value itself, a part of it by `PARTS`, or a network
 * that was saved whole. `part` chooses another part, such as `model` beside `ema`; parts of parts are joined by dots.
 * Throws a fault where there is none, and `AppError('arguments')` for a part that is not there.
 */
export function findStateDict(root: PickleValue, file: string, part?: string): StateDict {
  const search = createSearch();
  const way: PickleValue[] = [root];
  const notes: Message[] = [];
  if (part !== undefined) way.push(partAt(root, part, search) ?? refusePart(root, file, part, search));
  for (let level = 0; level < MOST_LEVELS; level += 1) {
    const value = way.at(-1) ?? null;
    const parts = isModule(value) ? [] : weightsIn(value, search);
    const [chosen] = parts;
    if (chosen === undefined) break;
    way.push(new Map(childrenOf(value)).get(chosen) ?? null);
    const others = parts.slice(1);
    if (others.length > 0) notes.push(message('weightFiles.partChosen', { part: chosen, others }));
  }
  const value = way.at(-1) ?? null;
  const tensors = search.tensorsIn(value).filter(({ name }) => name !== '');
  if (tensors.length === 0) throw unsupportedFile(whyNone(value));
  if (isModule(value)) notes.push(message('weightFiles.wholeModule', { name: value.of }));
  return { tensors, way, notes };
}

/** The known parts that are dicts or networks with tensors, the preferred one first. */
function weightsIn(value: PickleValue, search: Search): readonly string[] {
  const children = new Map(childrenOf(value));
  return PARTS.filter((name) => search.hasTensors(children.get(name)));
}

/** The value at a path of names joined by dots; names may have dots themselves. Null where it has no tensors. */
function partAt(root: PickleValue, part: string, search: Search): PickleValue {
  let value: PickleValue = root;
  let rest = part;
  for (let level = 0; level < MOST_LEVELS && rest !== ''; level += 1) {
    const names = new Map(childrenOf(value));
    const name = [...names.keys()].find((key) => key !== '' && (rest === key || rest.startsWith(`${key}.`)));
    if (name === undefined) return null;
    value = names.get(name) ?? null;
    rest = rest.slice(name.length + 1);
  }
  return rest === '' && search.hasTensors(value) ? value : null;
}

function refusePart(root: PickleValue, file: string, part: string, search: Search): never {
  const parts = (childrenOf(root) ?? [])
    .filter(([, value]) => search.hasTensors(value))
    .slice(0, MOST_LISTED)
    .map(([name]) => name);
  const said =
    parts.length === 0
      ? message('weightFiles.noParts', { file, part })
      : message('weightFiles.noPart', { file, part, parts });
  throw new AppError('arguments', said, { where: file });
}

function whyNone(value: PickleValue): Message {
  if (!isStructure(value)) return message('weightFiles.noStateDict');
  if (value.kind === 'tensor' || value.kind === 'strange') return message('weightFiles.onlyTensor');
  return value.kind === 'object'
    ? message('weightFiles.unknownObject', { name: value.of })
    : message('weightFiles.noStateDict');
}
