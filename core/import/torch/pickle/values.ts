import type { Message } from '../../../words/message.ts';
import type { ForeignDtype } from '../../foreignModel.ts';

/**
 * What a pickle describes. Plain values are JavaScript's: None is null, an int is a number where that is exact, a str
 * is a string, bytes are a `Uint8Array`. Containers may contain themselves.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleObject
  | TorchStorage
  | TorchTensor
  | StrangeTensor;

/** A list or a set. */
export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

/** Keys of plain types are equal by value, others by identity. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<PickleValue, PickleValue>;
}

/** The name of a class or function. Nothing is ever imported or called by it. */
export interface PickleGlobal {
  readonly kind: 'global';
  /** With the module: `torch.nn.modules.conv.Conv2d`. */
  readonly name: string;
}

/** In the place of what an unknown class or function would make: what the file says of it. */
export interface PickleObject {
  readonly kind: 'object';
  /** Class or function, as `PickleGlobal`. */
  readonly of: string;
  readonly args: readonly PickleValue[];
  /** What Python would put into the object's attributes; null before. */
  state: PickleValue;
  /** Entries of a subclass of dict; null where none were set. */
  entries: Map<PickleValue, PickleValue> | null;
}

/** The numbers that one or several tensors are views of. */
export interface TorchStorage {
  readonly kind: 'storage';
  /** Null for storages of bytes whose tensors say the type, and for types that are not read. */
  readonly dtype: ForeignDtype | null;
  /** As PyTorch names the type: `FloatStorage`, `UntypedStorage`. */
  readonly typeName: string;
  readonly littleEndian: boolean;
  /** Reads or finds the bytes, checks that they have the size that the pickle says, and throws a fault otherwise. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/** A view of a storage, not yet compared with the storage's size. */
export interface TorchTensor {
  readonly kind: 'tensor';
  readonly storage: TorchStorage;
  readonly dtype: ForeignDtype | null;
  /** As PyTorch names the type, for a message. */
  readonly typeName: string;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** A tensor that is not read: quantized, sparse, without data. */
export interface StrangeTensor {
  readonly kind: 'strange';
  readonly why: Message;
}

export type Structure = Extract<PickleValue, { readonly kind: string }>;

/** True for a value of Python that is not one of JavaScript's own. */
export function isStructure(value: PickleValue | undefined): value is Structure {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** The items of a tuple or a list; null for another value. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | null {
  return isStructure(value) && (value.kind === 'tuple' || value.kind === 'list') ? value.items : null;
}

/** The entries of a dict or of an object of a subclass of dict; null for another value. */
export function entriesOf(value: PickleValue | undefined): ReadonlyMap<PickleValue, PickleValue> | null {
  if (!isStructure(value)) return null;
  return value.kind === 'dict' || value.kind === 'object' ? value.entries : null;
}
