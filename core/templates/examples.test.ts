import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { applyCommand } from '../edit/applyCommand.ts';
import type { Command } from '../edit/command.ts';
import { parseDocument } from '../document/parse.ts';
import { PROJECT_EXTENSION, type GraphDocument } from '../document/schema.ts';
import { serializeDocument } from '../document/serialize.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { checkTraining } from '../training/checkTraining.ts';
import { sampleProject } from './sampleNetwork.ts';
import { instantiateTemplate } from './templates.ts';
import { inEnglish } from '../words/catalogues.ts';

const folder = new URL('../../examples/', import.meta.url);

function run(document: GraphDocument, ...commands: readonly Command[]): GraphDocument {
  return commands.reduce((current, command) => {
    const result = applyCommand(current, command);
    if (!result.ok) throw new Error(inEnglish(result.reason));
    return result.document;
  }, document);
}

/** The reference networks have biases before BatchNorm, where they have no effect; the examples have none. */
const WITHOUT_BIAS: Command = { type: 'rewrite', rewrite: 'dropBiasBeforeBatchNorm' };

/** This test writes missing files; `vitest -u` rewrites them all. */
const EXAMPLES: Readonly<Record<string, GraphDocument>> = {
  'handwritten-digits': run(
    instantiateTemplate('mnist-cnn-bn', { id: 'handwritten-digits' }),
    { type: 'rename', name: 'Handwritten digits' },
    WITHOUT_BIAS,
  ),
  'sample-shapes': sampleProject('sample-shapes'),
  'sigmoid-mlp': run(
    instantiateTemplate('bn-mlp', { id: 'sigmoid-mlp' }),
    { type: 'rename', name: 'Figure 1 of the BatchNorm paper' },
    WITHOUT_BIAS,
  ),
};

describe('examples', () => {
  it('are these files', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith(PROJECT_EXTENSION));
    expect(names.sort()).toEqual(Object.keys(EXAMPLES).map((name) => name + PROJECT_EXTENSION));
  });

  for (const [name, document] of Object.entries(EXAMPLES)) {
    it(`${name} is as this build writes it, opens with no problem`, async () => {
      const file = new URL(name + PROJECT_EXTENSION, folder);
      await expect(serializeDocument(document)).toMatchFileSnapshot(fileURLToPath(file));
      const result = parseDocument(readFileSync(file, 'utf8'));
      expect(result).toEqual({ ok: true, document });
      const report = checkGraph(document.graph);
      expect(report.diagnostics).toEqual([]);
      const data = { images: 1600, classes: name === 'sample-shapes' ? 4 : 10 };
      expect(report.graph && checkTraining(report.graph, document.training, data)).toEqual([]);
    });
  }
});
