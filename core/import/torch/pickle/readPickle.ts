import type { ByteCursor } from '../../byteCursor.ts';
import { createMachine, MOST_OPCODES, pop, tooLarge, wrongPickle, type PersistentLoad } from './machine.ts';
import { OPCODES, STOP } from './opcodes.ts';
import type { PickleValue } from './values.ts';

const noPersistentIds: PersistentLoad = () => {
  throw wrongPickle();
};

/**
 * Reads the pickle at `input` up to its end, protocols 0 to 5. Nothing is imported or executed: known functions of
 * PyTorch describe tensors, and every other class or function leaves a `PickleObject` in its place. Throws a fault for
 * bytes that are no pickle and for pickles above the limits.
 */
export function readPickle(input: ByteCursor, persistentLoad: PersistentLoad = noPersistentIds): PickleValue {
  const machine = createMachine(input, persistentLoad);
  for (let count = 0; count < MOST_OPCODES; count += 1) {
    const code = input.u8();
    if (code === STOP) return pop(machine);
    const handler = OPCODES.get(code);
    if (handler === undefined) throw wrongPickle();
    handler(machine);
  }
  throw tooLarge();
}
