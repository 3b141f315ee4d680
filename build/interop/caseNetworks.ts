import fc from 'fast-check';
import type { Link } from '#core/conformance/networks.ts';
import { randomNetworks } from '#core/conformance/randomNetwork.ts';
import { createDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import {
  everyCaffeBlock,
  everyChannelBlock,
  everyFoldCase,
  everyForwardFold,
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
  withoutBatchNorm,
} from '#core/export/testing/networks.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { instantiateTemplate, templatesOf } from '#core/templates/templates.ts';
import { REFUSING_FORMATS, refusalsOf } from './refusals.ts';

export interface CaseNetwork {
  readonly name: string;
  readonly document: GraphDocument;
  /** The only format to write; all of them without it. */
  readonly only?: ExportFormat;
}

/** Number of random networks of each format and, so that a failure can be reproduced, their seed. */
const RANDOM = {
  numRuns: Number(process.env['NORMLAB_INTEROP_RANDOM'] ?? 50),
  seed: Number(process.env['NORMLAB_INTEROP_SEED'] ?? 1),
};

const NORMALIZED: readonly Link[] = [
  ['batchNorm', { averaging: 'cumulative', epsilon: 1e-3 }],
  ['batchNorm', { renorm: true }],
  ['batchNorm', { ghostSize: 2 }],
  ['layerNorm', {}],
  ['layerNorm', { affine: 'eachChannel' }],
  ['layerNorm', { over: 'eachPixel' }],
  ['groupNorm', { groups: 1, gamma: false }],
  ['instanceNorm', { beta: false }],
];

/**
 * The networks that are checked with random weights: some that together have every block and every case of folding,
 * each small template at a small size, and for each format as many random networks as `NORMLAB_INTEROP_RANDOM` says.
 */
export function caseNetworks(): readonly CaseNetwork[] {
  const templates = templatesOf('small').map(({ name, inputShape: [channels] }) => {
    const document = instantiateTemplate(name, { inputShape: [channels, 16, 12], classes: 7, id: name });
    return { name, document };
  });
  return [
    { name: 'every-picture-block', document: everyImageBlock() },
    { name: 'every-resizing-block', document: everyResizingBlock() },
    { name: 'every-photo-block', document: everyPhotoBlock() },
    { name: 'every-photo-block-of-keras', document: everyPhotoBlock({ roundsUp: false }) },
    { name: 'every-fold-case', document: everyFoldCase() },
    { name: 'every-forward-fold', document: everyForwardFold() },
    { name: 'every-caffe-block', document: everyCaffeBlock() },
    { name: 'every-channel-block', document: everyChannelBlock() },
    { name: 'without-batch-norm', document: withoutBatchNorm() },
    ...templates,
    ...randomDocuments(),
  ];
}

/** Random networks for all formats, and more for each format that cannot express some of those. */
function randomDocuments(): readonly CaseNetwork[] {
  const valid = randomNetworks(NORMALIZED).filter(({ graph }) => checkGraph(graph).graph !== null);
  const draw = (from: typeof valid, prefix: string, numRuns: number, seed: number): CaseNetwork[] =>
    fc.sample(from, { numRuns, seed }).map(({ graph }, index) => {
      const name = `${prefix}-${String(index + 1).padStart(2, '0')}`;
      return { name, document: { ...createDocument(name, name), graph } };
    });
  const shared = draw(valid, 'random', RANDOM.numRuns, RANDOM.seed);
  const more = REFUSING_FORMATS.flatMap((only, index) => {
    const takes = (graph: GraphDocument['graph']): boolean =>
      refusalsOf(only, must(checkGraph(graph).graph, 'a valid network')).length === 0;
    const missing = shared.filter(({ document }) => !takes(document.graph)).length;
    if (missing === 0) return [];
    const own = valid.filter(({ graph }) => takes(graph));
    return draw(own, `random-${only}`, missing, RANDOM.seed + index + 1).map((one) => ({ ...one, only }));
  });
  return [...shared, ...more];
}
