import { message } from '../../../words/message.ts';
import { brokenFile } from '../../fileFault.ts';
import { dtypeOfTorch } from '../dtypes.ts';
import { countContainer, newDict, newList, setItems, wrongPickle, type Machine } from './machine.ts';
import {
  entriesOf,
  isStructure,
  itemsOf,
  type PickleDict,
  type PickleGlobal,
  type PickleValue,
  type StrangeTensor,
  type TorchTensor,
} from './values.ts';

/** More dimensions than any tensor has; NumPy's limit. */
const MOST_DIMS = 64;
/** In characters, module and name. */
const MOST_NAME = 1000;

type Args = readonly PickleValue[];
type Maker = (machine: Machine, args: Args) => PickleValue;

export function globalOf(module: string, name: string): PickleGlobal {
  if (module.length + name.length > MOST_NAME) throw wrongPickle();
  return { kind: 'global', name: `${module}.${name}` };
}

/** What `REDUCE` leaves: the tensor or container of a known function, else a `PickleObject`. Nothing is called. */
export function callGlobal(machine: Machine, callable: PickleValue, args: PickleValue): PickleValue {
  const items = itemsOf(args);
  if (items === null) throw wrongPickle();
  if (!isStructure(callable)) throw wrongPickle();
  const maker = callable.kind === 'global' ? MAKERS.get(callable.name) : undefined;
  return maker === undefined ? newObject(machine, callable, args) : maker(machine, items);
}

/** What `NEWOBJ` and its older forms leave: an object of the class, which is not created. */
export function newObject(machine: Machine, made: PickleValue, args: PickleValue): PickleValue {
  const items = itemsOf(args);
  if (items === null || !isStructure(made)) throw wrongPickle();
  if (made.kind === 'global' && DICTS.has(made.name)) return newDict(machine, []);
  countContainer(machine);
  const of = made.kind === 'global' || made.kind === 'object' ? nameOf(made) : made.kind;
  return { kind: 'object', of, args: items, state: null, entries: null };
}

/** `BUILD`: the attributes of an object. Those of containers and tensors have no weights in them. */
export function buildFrom(target: PickleValue, state: PickleValue): void {
  if (!isStructure(target)) throw wrongPickle();
  if (target.kind === 'object') target.state = state;
}

export function setItemsOf(target: PickleValue, items: Args): void {
  if (isStructure(target) && target.kind === 'dict') return setItems(target.entries, items);
  if (!isStructure(target) || target.kind !== 'object') throw wrongPickle();
  target.entries ??= new Map();
  setItems(target.entries, items);
}

/** Items of a list or a set; those of an unknown subclass of list are not kept. */
export function appendTo(target: PickleValue, items: Args): void {
  if (!isStructure(target) || (target.kind !== 'list' && target.kind !== 'object')) throw wrongPickle();
  if (target.kind === 'list') for (const item of items) target.items.push(item);
}

function nameOf(
  value:
    { readonly kind: 'global'; readonly name: string } | { readonly kind: 'object'; readonly of: string },
): string {
  return value.kind === 'global' ? value.name : value.of;
}

const DICTS: ReadonlySet<string> = new Set([
  'collections.OrderedDict',
  'collections.defaultdict',
  'collections.Counter',
  '__builtin__.dict',
  'builtins.dict',
]);

const TUPLES: readonly string[] = ['torch.Size', 'torch._C.Size', 'builtins.tuple', '__builtin__.tuple'];
const SETS: readonly string[] = [
  'builtins.set',
  '__builtin__.set',
  'builtins.frozenset',
  '__builtin__.frozenset',
  'builtins.list',
  '__builtin__.list',
];

/** Functions of which the first argument is the tensor. */
const WRAPPERS: readonly string[] = [
  'torch._utils._rebuild_parameter',
  'torch._utils._rebuild_parameter_with_state',
  'torch._utils._rebuild_device_tensor_from_cpu_tensor',
  'torch.nn.parameter.Parameter',
  'torch.nn.parameter.Buffer',
];

const STRANGE: readonly (readonly [name: string, why: StrangeTensor['why']])[] = [
  ['torch._utils._rebuild_qtensor', message('weightFiles.quantized')],
  ['torch._utils._rebuild_sparse_tensor', message('weightFiles.sparse')],
  ['torch._utils._rebuild_sparse_csr_tensor', message('weightFiles.sparse')],
  ['torch._utils._rebuild_nested_tensor', message('weightFiles.nested')],
  ['torch._utils._rebuild_meta_tensor_no_storage', message('weightFiles.withoutData')],
  ['torch._utils._rebuild_wrapper_subclass', message('weightFiles.ofSubclass')],
  ['torch._utils._rebuild_device_tensor_from_numpy', message('weightFiles.numpyInside')],
  ['torch._utils._rebuild_xla_tensor', message('weightFiles.numpyInside')],
  ['numpy.core.multiarray._reconstruct', message('weightFiles.numpyInside')],
  ['numpy._core.multiarray._reconstruct', message('weightFiles.numpyInside')],
];

const MAKERS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ...[...DICTS].map((name): [string, Maker] => [name, makeDict]),
  ...TUPLES.map((name): [string, Maker] => [
    name,
    (_, [items]) => ({ kind: 'tuple', items: itemsOf(items) ?? [] }),
  ]),
  ...SETS.map((name): [string, Maker] => [
    name,
    (machine, [items]) => newList(machine, [...(itemsOf(items) ?? [])]),
  ]),
  ...WRAPPERS.map((name): [string, Maker] => [name, (_, [tensor = null]) => tensor]),
  ...STRANGE.map(([name, why]): [string, Maker] => [name, () => ({ kind: 'strange', why })]),
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_tensor_v3', rebuildTyped],
  ['torch._tensor._rebuild_from_type_v2', rebuildSubclass],
  ['torch._tensor._rebuild_from_type', rebuildSubclass],
  ['copyreg._reconstructor', makeOldObject],
  ['copy_reg._reconstructor', makeOldObject],
]);

/** The argument is a list of pairs in Python 2, the class of missing values (`defaultdict`) or a dict (`Counter`). */
function makeDict(machine: Machine, args: Args): PickleDict {
  const dict = newDict(machine, []);
  for (const pair of itemsOf(args[0]) ?? []) {
    const both = itemsOf(pair);
    if (both?.length !== 2) throw wrongPickle();
    dict.entries.set(both[0] ?? null, both[1] ?? null);
  }
  const [from] = args;
  if (isStructure(from) && from.kind === 'dict')
    for (const [key, value] of from.entries) dict.entries.set(key, value);
  return dict;
}

/** An object by protocol 0 or 1: its class, the built-in base class, the base's value. */
function makeOldObject(machine: Machine, [made = null]: Args): PickleValue {
  return newObject(machine, made, { kind: 'tuple', items: [] });
}

/** A tensor of a subclass: function, class, arguments of the function, attributes. */
function rebuildSubclass(machine: Machine, [callable = null, , args = null]: Args): PickleValue {
  if (isStructure(callable) && callable.kind === 'global' && callable.name.startsWith('torch._tensor.'))
    throw wrongPickle();
  return callGlobal(machine, callable, args);
}

/** Storage, offset, size, stride; what follows concerns gradients. */
function rebuildTensor(_: Machine, args: Args): TorchTensor | StrangeTensor {
  const [storage, offset, size, stride, , , metadata] = args;
  if (!isStructure(storage) || storage.kind !== 'storage') throw wrongTensor();
  if (entriesOf(metadata)?.get('neg') === true)
    return { kind: 'strange', why: message('weightFiles.negated') };
  return placed({ storage, dtype: storage.dtype, typeName: storage.typeName }, offset, size, stride);
}

/** The same for types without a storage class of their own: the seventh argument is the `torch.dtype`. */
function rebuildTyped(_: Machine, [storage, offset, size, stride, , , dtype]: Args): TorchTensor {
  if (!isStructure(storage) || storage.kind !== 'storage') throw wrongTensor();
  if (!isStructure(dtype) || dtype.kind !== 'global') throw wrongTensor();
  return placed({ storage, dtype: dtypeOfTorch(dtype.name), typeName: dtype.name }, offset, size, stride);
}

function placed(
  typed: Pick<TorchTensor, 'storage' | 'dtype' | 'typeName'>,
  offset: PickleValue | undefined,
  size: PickleValue | undefined,
  stride: PickleValue | undefined,
): TorchTensor {
  const [dims, strides] = [sizesOf(size), sizesOf(stride)];
  if (!isSize(offset) || dims.length !== strides.length || dims.length > MOST_DIMS) throw wrongTensor();
  return { kind: 'tensor', ...typed, dims, strides, offset };
}

function sizesOf(value: PickleValue | undefined): readonly number[] {
  const items = itemsOf(value) ?? [null];
  if (!items.every(isSize)) throw wrongTensor();
  return items;
}

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function wrongTensor(): Error {
  return brokenFile(message('weightFiles.tensorArguments'));
}
