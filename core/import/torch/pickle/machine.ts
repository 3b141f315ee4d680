import { message } from '../../../words/message.ts';
import type { ByteCursor } from '../../byteCursor.ts';
import { brokenFile } from '../../fileFault.ts';
import type { PickleDict, PickleList, PickleValue } from './values.ts';

/*
 * Limits. A checkpoint of a network with 1,000 tensors and its optimizer has 200,000 opcodes. One byte of a pickle can
 * create a container of some 200 bytes, so their number is limited too.
 */
export const MOST_OPCODES = 10_000_000;
const MOST_STACK = 1_000_000;
const MOST_MEMO = 2_000_000;
const MOST_CONTAINERS = 2_000_000;

/** Finds what a persistent id stands for: a storage, or a class. Throws a fault. */
export type PersistentLoad = (id: PickleValue) => PickleValue;

/** The state of a pickle that is read. */
export interface Machine {
  readonly input: ByteCursor;
  readonly persistentLoad: PersistentLoad;
  readonly stack: PickleValue[];
  /** Heights of the stack at each mark. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
  containers: number;
}

export function createMachine(input: ByteCursor, persistentLoad: PersistentLoad): Machine {
  return { input, persistentLoad, stack: [], marks: [], memo: new Map(), containers: 0 };
}

export function push(machine: Machine, value: PickleValue): void {
  if (machine.stack.length >= MOST_STACK) throw tooLarge();
  machine.stack.push(value);
}

/** Marks the height of the stack. */
export function mark(machine: Machine): void {
  if (machine.marks.length >= MOST_STACK) throw tooLarge();
  machine.marks.push(machine.stack.length);
}

/** The topmost value, removed; the values below a mark are out of reach. */
export function pop(machine: Machine): PickleValue {
  const value = top(machine);
  machine.stack.pop();
  return value;
}

export function top(machine: Machine): PickleValue {
  const value = machine.stack.at(-1);
  if (value === undefined || machine.stack.length <= (machine.marks.at(-1) ?? 0)) throw wrongPickle();
  return value;
}

/** The values above the last mark, removed together with the mark. */
export function popToMark(machine: Machine): PickleValue[] {
  const height = machine.marks.pop();
  if (height === undefined) throw wrongPickle();
  return machine.stack.splice(height);
}

export function popMany(machine: Machine, count: number): PickleValue[] {
  if (machine.stack.length - (machine.marks.at(-1) ?? 0) < count) throw wrongPickle();
  return machine.stack.splice(machine.stack.length - count);
}

export function newList(machine: Machine, items: PickleValue[]): PickleList {
  countContainer(machine);
  return { kind: 'list', items };
}

export function newDict(machine: Machine, items: readonly PickleValue[]): PickleDict {
  countContainer(machine);
  const entries = new Map<PickleValue, PickleValue>();
  setItems(entries, items);
  return { kind: 'dict', entries };
}

/** Counts a container or an object of the pickle. */
export function countContainer(machine: Machine): void {
  machine.containers += 1;
  if (machine.containers > MOST_CONTAINERS) throw tooLarge();
}

/** Puts alternating keys and values into a dict. */
export function setItems(entries: Map<PickleValue, PickleValue>, items: readonly PickleValue[]): void {
  if (items.length % 2 !== 0) throw wrongPickle();
  for (let at = 0; at < items.length; at += 2) entries.set(items[at] ?? null, items[at + 1] ?? null);
}

export function memoize(machine: Machine, index: number): void {
  if (machine.memo.size >= MOST_MEMO) throw tooLarge();
  machine.memo.set(index, top(machine));
}

export function recall(machine: Machine, index: number): void {
  const value = machine.memo.get(index);
  if (value === undefined) throw wrongPickle();
  push(machine, value);
}

/** The fault for a pickle that Python would refuse too. */
export function wrongPickle(): Error {
  return brokenFile(message('weightFiles.pickleWrong'));
}

export function tooLarge(): Error {
  return brokenFile(message('weightFiles.pickleTooLarge'));
}
