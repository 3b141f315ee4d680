import { message } from '../../../words/message.ts';
import { unsupportedFile } from '../../fileFault.ts';
import { latin1 } from '../../latin1.ts';
import { appendTo, buildFrom, callGlobal, globalOf, newObject, setItemsOf } from './construct.ts';
import * as literals from './literals.ts';
import {
  countContainer,
  mark,
  memoize,
  newDict,
  newList,
  pop,
  popMany,
  popToMark,
  push,
  recall,
  top,
  wrongPickle,
  type Machine,
} from './machine.ts';
import type { PickleValue } from './values.ts';

type Handler = (machine: Machine) => void;

const text = (machine: Machine): string => latin1(machine.input.line());
const index = (machine: Machine): number => Number(literals.decimal(text(machine)));
const tuple = (machine: Machine, items: readonly PickleValue[]): void => {
  countContainer(machine);
  push(machine, { kind: 'tuple', items });
};
const bytes = (machine: Machine, length: number): PickleValue => {
  countContainer(machine);
  return machine.input.take(length);
};
const pushed =
  (value: (machine: Machine) => PickleValue): Handler =>
  (machine) =>
    push(machine, value(machine));

/** Bytes of another process or of a registry outside the file. */
const elsewhere: Handler = () => {
  throw unsupportedFile(message('weightFiles.pickleElsewhere'));
};

/** By the letters of Python's `pickletools`. */
const LETTERS: Readonly<Record<string, Handler>> = {
  // The stack.
  '(': mark,
  '0': (machine) => {
    if (machine.stack.length === machine.marks.at(-1)) machine.marks.pop();
    else pop(machine);
  },
  '1': (machine) => void popToMark(machine),
  '2': pushed(top),
  // Plain values.
  N: pushed(() => null),
  I: pushed((machine) => literals.decimal(text(machine))),
  L: pushed((machine) => literals.decimal(text(machine))),
  K: pushed(({ input }) => input.u8()),
  M: pushed(({ input }) => input.u16()),
  J: pushed(({ input }) => input.i32()),
  F: pushed((machine) => literals.decimalFloat(text(machine))),
  G: pushed(({ input }) => literals.float(input)),
  S: pushed((machine) => literals.quoted(text(machine))),
  T: pushed(({ input }) => literals.oldString(input.take(input.u32()))),
  U: pushed(({ input }) => literals.oldString(input.take(input.u8()))),
  V: pushed((machine) => literals.rawUnicode(text(machine))),
  X: pushed(({ input }) => literals.unicode(input, input.u32())),
  B: pushed((machine) => bytes(machine, machine.input.u32())),
  C: pushed((machine) => bytes(machine, machine.input.u8())),
  // Containers.
  '}': pushed((machine) => newDict(machine, [])),
  d: pushed((machine) => newDict(machine, popToMark(machine))),
  s: (machine) => {
    const items = popMany(machine, 2);
    setItemsOf(top(machine), items);
  },
  u: (machine) => {
    const items = popToMark(machine);
    setItemsOf(top(machine), items);
  },
  ']': pushed((machine) => newList(machine, [])),
  l: pushed((machine) => newList(machine, popToMark(machine))),
  a: (machine) => {
    const items = popMany(machine, 1);
    appendTo(top(machine), items);
  },
  e: (machine) => {
    const items = popToMark(machine);
    appendTo(top(machine), items);
  },
  ')': (machine) => tuple(machine, []),
  t: (machine) => tuple(machine, popToMark(machine)),
  // The memo.
  p: (machine) => memoize(machine, index(machine)),
  q: (machine) => memoize(machine, machine.input.u8()),
  r: (machine) => memoize(machine, machine.input.u32()),
  g: (machine) => recall(machine, index(machine)),
  h: (machine) => recall(machine, machine.input.u8()),
  j: (machine) => recall(machine, machine.input.u32()),
  // Classes, functions and what they make.
  c: pushed((machine) => globalOf(text(machine), text(machine))),
  R: pushed((machine) => {
    const [callable = null, args = null] = popMany(machine, 2);
    return callGlobal(machine, callable, args);
  }),
  b: (machine) => {
    const state = pop(machine);
    buildFrom(top(machine), state);
  },
  i: pushed((machine) => {
    const made = globalOf(text(machine), text(machine));
    return newObject(machine, made, { kind: 'tuple', items: popToMark(machine) });
  }),
  o: pushed((machine) => {
    const [made = null, ...items] = popToMark(machine);
    return newObject(machine, made, { kind: 'tuple', items });
  }),
  P: pushed((machine) => machine.persistentLoad(text(machine))),
  Q: pushed((machine) => machine.persistentLoad(pop(machine))),
};

/** Opcodes of protocols 2 to 5, which are not letters. */
const CODES: readonly (readonly [code: number, handler: Handler])[] = [
  [0x80, ({ input }) => void input.u8()],
  [0x81, pushed((machine) => newByPair(machine))],
  [0x82, elsewhere],
  [0x83, elsewhere],
  [0x84, elsewhere],
  [0x85, (machine) => tuple(machine, popMany(machine, 1))],
  [0x86, (machine) => tuple(machine, popMany(machine, 2))],
  [0x87, (machine) => tuple(machine, popMany(machine, 3))],
  [0x88, pushed(() => true)],
  [0x89, pushed(() => false)],
  [0x8a, pushed(({ input }) => literals.long(input, input.u8()))],
  [0x8b, pushed(({ input }) => literals.long(input, input.u32()))],
  [0x8c, pushed(({ input }) => literals.unicode(input, input.u8()))],
  [0x8d, pushed(({ input }) => literals.unicode(input, input.size64()))],
  [0x8e, pushed((machine) => bytes(machine, machine.input.size64()))],
  // Sets: order is kept, and duplicates do no harm.
  [0x8f, pushed((machine) => newList(machine, []))],
  [
    0x90,
    (machine) => {
      const items = popToMark(machine);
      appendTo(top(machine), items);
    },
  ],
  [0x91, pushed((machine) => newList(machine, popToMark(machine)))],
  [
    0x92,
    pushed((machine) => {
      const [made = null, args = null] = popMany(machine, 3);
      return newObject(machine, made, args);
    }),
  ],
  [
    0x93,
    pushed((machine) => {
      const [module, name] = popMany(machine, 2);
      if (typeof module !== 'string' || typeof name !== 'string') throw wrongPickle();
      return globalOf(module, name);
    }),
  ],
  [0x94, (machine) => memoize(machine, machine.memo.size)],
  // The length of a frame is a hint for reading ahead.
  [0x95, ({ input }) => void input.size64()],
  [0x96, pushed((machine) => bytes(machine, machine.input.size64()))],
  [0x97, elsewhere],
  [0x98, elsewhere],
];

function newByPair(machine: Machine): PickleValue {
  const [made = null, args = null] = popMany(machine, 2);
  return newObject(machine, made, args);
}

/** By byte. `STOP` is not among them. */
export const OPCODES: ReadonlyMap<number, Handler> = new Map([
  ...Object.entries(LETTERS).map(([letter, handler]) => [letter.charCodeAt(0), handler] as const),
  ...CODES,
]);
export const STOP = '.'.charCodeAt(0);
