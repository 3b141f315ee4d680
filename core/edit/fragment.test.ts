import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
import type { GraphDocument } from '../document/schema.ts';
import { createDocument } from '../document/create.ts';
import { CARD, PITCH } from '../layout/card.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { applyCommand } from './applyCommand.ts';
import { copyFragment, parseFragment } from './fragment.ts';
import { inEnglish } from '../words/catalogues.ts';

const cnn = instantiateTemplate('mnist-cnn-bn', { id: 'cnn' });
const ids = ['conv1', 'bn1', 'relu1', 'ghost'].map(toNodeId);
const text = copyFragment(cnn, ids);

function pasteInto(
  document: GraphDocument,
  at: { x: number; y: number } | null,
  keepIncoming = false,
  what = text,
) {
  const result = applyCommand(document, { type: 'paste', text: what, at, keepIncoming });
  if (!result.ok) throw new Error(inEnglish(result.reason));
  return result;
}

describe('fragments', () => {
  it('hold the chosen blocks, the wires between them and those that come in', () => {
    expect(parseFragment(text)).toMatchObject({
      nodes: { conv1: { kind: 'conv2d' }, bn1: {}, relu1: {} },
      wires: { 'bn1.in': 'conv1.out', 'relu1.in': 'bn1.out' },
      incoming: { 'conv1.in': 'input.out' },
      positions: { conv1: { x: 0, y: PITCH.y }, relu1: { x: 0, y: 3 * PITCH.y } },
    });
    expect(copyFragment(cnn, [...ids].reverse())).toBe(text);
  });

  it('are pasted under fresh ids, with their own wires only', () => {
    const { document } = pasteInto(cnn, null);
    const known = Object.keys(cnn.graph.nodes);
    const added = Object.keys(document.graph.nodes).filter((node) => !known.includes(node));
    expect(added.sort()).toEqual(['bn2', 'conv2', 'relu2']);
    expect(document.graph.wires).toEqual({
      ...cnn.graph.wires,
      'bn2.in': 'conv2.out',
      'relu2.in': 'bn2.out',
    });
    expect(document.layout.positions).toMatchObject({
      conv2: { x: 40, y: PITCH.y + 40 },
      relu2: { x: 40, y: 3 * PITCH.y + 40 },
    });
  });

  it('land with their middle at the pointer', () => {
    const { document } = pasteInto(cnn, { x: 1000, y: 500 });
    // Three cards in a column.
    const top = 500 - PITCH.y - CARD.height / 2;
    expect(document.layout.positions).toMatchObject({
      conv2: { x: 1000 - CARD.width / 2, y: top },
      relu2: { x: 1000 - CARD.width / 2, y: top + 2 * PITCH.y },
    });
  });

  it('keep their names and lose what came in when pasted into another project', () => {
    const { document } = pasteInto(createDocument('Other'), null, true);
    expect(Object.keys(document.graph.nodes).sort()).toEqual(['bn1', 'conv1', 'relu1']);
    expect(document.graph.wires).toEqual({ 'bn1.in': 'conv1.out', 'relu1.in': 'bn1.out' });
  });

  it('keep incoming wires on request', () => {
    const { document } = pasteInto(cnn, null, true);
    expect(document.graph.wires['conv2.in' as never]).toBe('input.out');
  });

  it('cut together and pasted twice stay apart', () => {
    const { document } = pasteInto(pasteInto(cnn, null).document, null);
    expect(Object.keys(document.graph.nodes)).toEqual(expect.arrayContaining(['conv3', 'bn3', 'relu3']));
    expect(document.graph.wires['bn3.in' as never]).toBe('conv3.out');
  });

  it('refuse any other text, and wires to blocks that are not theirs', () => {
    for (const other of ['', 'hello', '{}', 'null', text.replace('fragment', 'project'), text.slice(0, -9)]) {
      expect(applyCommand(cnn, { type: 'paste', text: other, at: null, keepIncoming: false })).toEqual({
        ok: false,
        reason: { key: 'edit.emptyClipboard', values: {} },
      });
    }
    const strange = text.replace('"relu1.in": "bn1.out"', '"pool1.in": "bn1.out"');
    expect(strange).not.toBe(text);
    expect(pasteInto(cnn, null, false, strange).document.graph.wires['pool1.in' as never]).toBe('relu1.out');
  });
});
