import { describe, expect, it } from 'vitest';
import { applyCommand } from '#core/edit/applyCommand.ts';
import type { Command } from '#core/edit/command.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { slotsWithoutCounterpart } from './sameNetwork.ts';

function changed(node: string, param: string, value: number): GraphDocument {
  const command: Command = { type: 'setParam', node: toNodeId(node), param, value };
  const result = applyCommand(tinyDocument(), command);
  if (!result.ok) throw new Error('refused');
  return result.document;
}

describe('slotsWithoutCounterpart', () => {
  it('has none in the same network, nor where only the head differs', () => {
    expect(slotsWithoutCounterpart(tinyDocument(), tinyDocument())).toEqual([]);
    expect(slotsWithoutCounterpart(changed('dense1', 'units', 7), tinyDocument())).toEqual([]);
  });

  it('names the tensors of blocks that the other network has not', () => {
    expect(slotsWithoutCounterpart(changed('conv1', 'filters', 5), tinyDocument())).toEqual([
      'conv1.weights',
      'bn1.gamma',
      'bn1.beta',
      'bn1.mean',
      'bn1.variance',
    ]);
  });
});
