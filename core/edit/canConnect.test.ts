import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../document/endpoint.ts';
import type { GraphDocument } from '../document/schema.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { applyCommand } from './applyCommand.ts';
import { canConnect } from './canConnect.ts';
import type { Command } from './command.ts';
import { inEnglish } from '../words/catalogues.ts';

const origin = { x: 0, y: 0 };

function run(document: GraphDocument, command: Command): GraphDocument {
  const result = applyCommand(document, command);
  if (!result.ok) throw new Error(inEnglish(result.reason));
  return result.document;
}

const resnet = ['add', 'concat', 'dense', 'maxPool'].reduce(
  (document, kind) => run(document, { type: 'addNode', kind, position: origin }),
  instantiateTemplate('resnet20'),
);
const wired = run(resnet, { type: 'connect', from: 's1b1relu2.out' as Endpoint, to: 'add1.in1' as Endpoint });

function verdict(from: string, to: string, document = wired): string {
  const result = canConnect(document, from as Endpoint, to as Endpoint);
  return result.ok ? 'yes' : inEnglish(result.reason);
}

describe('canConnect', () => {
  it('says yes where everything fits, also at a taken port', () => {
    expect(verdict('s1b2relu2.out', 'add1.in2')).toBe('yes');
    expect(verdict('gap.out', 'dense2.in')).toBe('yes');
    expect(verdict('s1b1bn2.out', 's1b2add.in2')).toBe('yes');
  });

  it('refuses with the reason', () => {
    expect([
      verdict('s2b1relu2.out', 'add1.in2'),
      verdict('gap.out', 'add1.in2'),
      verdict('s2b1relu2.out', 'dense2.in'),
      verdict('gap.out', 'pool1.in'),
      verdict('s3b3relu2.out', 's1b1conv1.in'),
      verdict('add1.out', 'add1.in1'),
      verdict('add1.out', 'output.in'),
    ]).toMatchInlineSnapshot(`
      [
        "Add add1 adds 16 × 32 × 32 (in1) and 32 × 16 × 16 (in2), but shapes must be equal.",
        "Add add1 adds 16 × 32 × 32 (in1) and 64 (in2), but shapes must be equal.",
        "Dense dense2 needs a vector but gets an image of 32 × 16 × 16.",
        "MaxPool pool1 needs an image (channels × height × width) but gets a vector of 64.",
        "ReLU s3b3relu2 already depends on Conv2D s1b1conv1: the wire would close a cycle.",
        "Add add1 cannot feed itself.",
        "yes",
      ]
    `);
  });

  it('checks a merge before all its wires are there', () => {
    const three = run(wired, { type: 'setParam', node: 'add1' as never, param: 'inputs', value: 3 });
    expect(verdict('s2b1relu2.out', 'add1.in3', three)).toContain('shapes must be equal');
    expect(verdict('s2b1relu2.out', 'add1.in1', three)).toBe('yes');
    expect(verdict('s2b1relu2.out', 'concat1.in1', three)).toBe('yes');
  });

  it('gives blocks of unknown shape or kind the benefit of the doubt', () => {
    expect(verdict('concat1.out', 'dense2.in')).toBe('yes');
    const unknown = {
      ...wired,
      graph: { ...wired.graph, nodes: { ...wired.graph.nodes, warp: { kind: 'warp', params: {} } } },
    } as GraphDocument;
    expect(verdict('gap.out', 'warp.whatever', unknown)).toBe('yes');
    expect(verdict('warp.out', 'pool1.in', unknown)).toBe('yes');
  });
});
