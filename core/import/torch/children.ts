import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';
import {
  entriesOf,
  isStructure,
  itemsOf,
  type PickleObject,
  type PickleValue,
  type StrangeTensor,
  type TorchTensor,
} from './pickle/values.ts';

/** Values that a search visits; a container that is in the file in many places is visited at each. */
const MOST_VISITS = 300_000;
/** State dicts and networks are not nested deeper. */
const MOST_DEPTH = 64;
/** In characters; a short file could make long names of nested dicts. */
const MOST_NAME = 4096;

export type Child = readonly [name: string, value: PickleValue];

/** The named parts of a dict, or of a network that was saved whole; null for other values. */
export function childrenOf(value: PickleValue | undefined): readonly Child[] | null {
  const entries = entriesOf(value);
  if (entries !== null) return named(entries);
  return isStructure(value) && value.kind === 'object' ? partsOfModule(value) : null;
}

/** True for a network that was saved whole: an `nn.Module`, or one of TorchScript. */
export function isModule(value: PickleValue | undefined): value is PickleObject {
  return (
    isStructure(value) && value.kind === 'object' && value.entries === null && partsOfModule(value) !== null
  );
}

/** In the order of `nn.Module.state_dict`: parameters, buffers that are saved, then modules. */
function partsOfModule(object: PickleObject): readonly Child[] | null {
  const attributes = entriesOf(object.state);
  if (attributes === null) return null;
  const [parameters, buffers, modules] = ['_parameters', '_buffers', '_modules'].map((name) =>
    entriesOf(attributes.get(name)),
  );
  // TorchScript has one flat list of attributes.
  if (modules === null || modules === undefined)
    return object.of.startsWith('__torch__.') ? named(attributes) : null;
  const unsaved = new Set(itemsOf(attributes.get('_non_persistent_buffers_set')) ?? []);
  const saved = named(buffers ?? new Map()).filter(([name]) => !unsaved.has(name));
  return [...named(parameters ?? new Map()), ...saved, ...named(modules)];
}

function named(entries: ReadonlyMap<PickleValue, PickleValue>): readonly Child[] {
  const children: Child[] = [];
  for (const [key, value] of entries)
    if (typeof key === 'string' || typeof key === 'number') children.push([String(key), value]);
  return children;
}

/** An optimizer's state dict has tensors too, which are not weights. */
function isOptimizer(value: PickleValue): boolean {
  return entriesOf(value)?.has('param_groups') ?? false;
}

interface NamedTensor {
  /** Joined by dots, as in a state dict. */
  readonly name: string;
  readonly tensor: TorchTensor | StrangeTensor;
}

/** All searches of one file share the number of visits. */
export interface Search {
  readonly tensorsIn: (value: PickleValue | undefined) => readonly NamedTensor[];
  readonly hasTensors: (value: PickleValue | undefined) => boolean;
}

export function createSearch(): Search {
  let visits = 0;
  /** The containers that the search is in. */
  const open = new Set<PickleValue>();
  /** Listed once for each container, however often the search comes to it. */
  const known = new Map<PickleValue, readonly Child[] | null>();
  const listed = (value: PickleValue): readonly Child[] | null => {
    const children = known.get(value);
    if (children !== undefined) return children;
    const found = isStructure(value) ? childrenOf(value) : null;
    if (isStructure(value)) known.set(value, found);
    return found;
  };
  /** Depth first, in order; stops when `found` returns true. A container inside itself is visited once. */
  const visit = (value: PickleValue, name: string, found: (tensor: NamedTensor) => boolean): boolean => {
    visits += 1;
    if (visits > MOST_VISITS || name.length > MOST_NAME) throw brokenFile(message('weightFiles.tangled'));
    if (isStructure(value) && (value.kind === 'tensor' || value.kind === 'strange'))
      return found({ name, tensor: value });
    if (open.has(value) || open.size >= MOST_DEPTH || isOptimizer(value)) return false;
    const children = listed(value);
    if (children === null) return false;
    open.add(value);
    const isFound = children.some(([key, child]) =>
      visit(child, name === '' ? key : `${name}.${key}`, found),
    );
    open.delete(value);
    return isFound;
  };
  return {
    tensorsIn: (value = null) => {
      const tensors: NamedTensor[] = [];
      visit(value, '', (tensor) => tensors.push(tensor) === 0);
      return tensors;
    },
    hasTensors: (value = null) => listed(value) !== null && visit(value, '', () => true),
  };
}
