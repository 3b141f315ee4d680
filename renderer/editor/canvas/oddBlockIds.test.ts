import { describe, expect, it } from 'vitest';
import { createDocument } from '#core/document/create.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import type { BlockView } from '../state/blockView.ts';
import { flowNodes } from './flowGraph.ts';

describe('a block called constructor', () => {
  it('stands at the origin when the file gives it no place', () => {
    const id = toNodeId('constructor');
    const document = {
      ...createDocument('odd'),
      graph: { nodes: { [id]: { kind: 'relu', params: {} } }, wires: {} },
    };
    const view = { id } as BlockView;
    const [node] = flowNodes(document, new Map([[id, view]]), new Set(), () => 'a block');
    expect(node?.position).toEqual({ x: 0, y: 0 });
  });
});
