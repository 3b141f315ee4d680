import { describe, expect, it } from 'vitest';
import { instantiateTemplate } from '../templates/templates.ts';
import { inEnglish } from '../words/catalogues.ts';
import { parseDocument } from './parse.ts';
import { serializeDocument } from './serialize.ts';

const document = instantiateTemplate('mnist-cnn-bn', { id: 'sample' });
const text = serializeDocument(document);

function refusal(broken: string): string {
  const result = parseDocument(broken);
  if (result.ok) throw new Error('was read');
  return `${result.error.code}: ${inEnglish(result.error.message)}`;
}

/** Returns the JSON of the project with the value at `path` changed. */
function altered(path: string, changes: object): string {
  const project = JSON.parse(text) as object;
  const keys = path === '' ? [] : path.split('.');
  const place = keys.reduce((at, key) => (at as Readonly<Record<string, object>>)[key] ?? {}, project);
  Object.assign(place, changes);
  return JSON.stringify(project);
}

describe('parseDocument', () => {
  it('reads what serializeDocument wrote, with a byte order mark too', () => {
    expect(parseDocument(text)).toEqual({ ok: true, document });
    expect(parseDocument(`\uFEFF${text}`)).toEqual({ ok: true, document });
  });

  it('reads minus zero as zero, which is what it will be written as', () => {
    const moved = altered('layout.positions.conv1', { x: -0.5 }).replace('-0.5', '-0');
    const decayed = altered('training', { l2: 0.0625 }).replace('0.0625', '-0.0');
    const [first, second] = [parseDocument(moved), parseDocument(decayed)];
    if (!first.ok || !second.ok) throw new Error('was refused');
    expect(first.document.layout.positions).toMatchObject({ conv1: { x: 0 } });
    expect(second.document.training.l2).toBe(0);
  });

  it('says in one sentence why it cannot read a file', () => {
    expect([
      refusal('{\n  "data": {\n    "resize": "str'),
      refusal(''),
      refusal('PK\u0003\u0004'),
      refusal('{"nodes": []}'),
      refusal('[1, 2]'),
      refusal('{"format": "normlab-project"}'),
      refusal('{"format": "normlab-project", "version": 7}'),
    ]).toMatchInlineSnapshot(`
      [
        "project-truncated: The project file ends in the middle, at character 32 (line 3, column 19); the rest is lost, but a recovery copy may exist.",
        "project-truncated: The project file is empty; a recovery copy of it may exist.",
        "project-not-json: The file is not a project: its text is not JSON at line 1, column 1; choose a file that NormLab saved.",
        "project-not-a-project: The file is JSON but not a NormLab project: it has no format where "normlab-project" is needed.",
        "project-not-a-project: The file is JSON but not a NormLab project: it has no format where "normlab-project" is needed.",
        "project-invalid: The project does not say its version: version must be a whole number from 1, not missing.",
        "project-future-version: The project is of version 7, but this NormLab reads up to version 1: open it in a newer NormLab.",
      ]
    `);
  });

  it('names the path of what does not follow the format', () => {
    const cases: [string, string][] = [
      ['graph.nodes.bn1.colour', altered('graph.nodes.bn1', { colour: 1 })],
      ['graph.nodes.bn1.kind', altered('graph.nodes.bn1', { kind: 3 })],
      ['graph.nodes.1bn', altered('graph.nodes', { '1bn': {} })],
      ['graph.wires.bn1.in', altered('graph.wires', { 'bn1.in': 'conv1' })],
      ['training.epochs', altered('training', { epochs: 0.5 })],
      ['training.optimizer.rho', altered('training.optimizer', { rho: 1 })],
      ['id', altered('', { id: '../x' })],
      ['extra', altered('', { extra: true })],
      ['layout.positions.bn1.x', text.replace(/("positions": \{\s+"bn1": \{\s+"x": )[\d.-]+/, '$11e999')],
    ];
    for (const [where, broken] of cases) {
      const result = parseDocument(broken);
      expect(result.ok ? 'read' : [result.error.code, result.error.where]).toEqual([
        'project-invalid',
        where,
      ]);
      expect(result.ok ? '' : inEnglish(result.error.message)).toContain(`not valid at ${where}`);
    }
  });

  it('keeps a block of a kind from another version, and one with the id of a built-in property', () => {
    const odd = altered('graph.nodes', { constructor: { kind: 'warp', params: { toString: 1 } } });
    const result = parseDocument(odd);
    expect(result.ok && Object.entries(result.document.graph.nodes).at(-1)).toEqual([
      'constructor',
      { kind: 'warp', params: { toString: 1 } },
    ]);
  });
});
