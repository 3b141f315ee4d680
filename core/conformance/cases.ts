import { checkGraph } from '../graph/checkGraph.ts';
import { instantiateTemplate, templatesOf } from '../templates/templates.ts';
import { must } from '../diagnostics/invariantError.ts';
import { ACTIVATION_CASES } from './activationCases.ts';
import { POOLING_CASES, STRUCTURE_CASES } from './blockCases.ts';
import type { ConformanceCase } from './conformanceCase.ts';
import { PRODUCT_CASES, RESIZING_CASES, TRANSPOSED_CASES } from './imageCases.ts';
import { NORMALIZATION_CASES } from './normalizationCases.ts';
import { SAMPLE_NORM_CASES } from './sampleNormCases.ts';
import { LOSS_CASES } from './lossCases.ts';
import { CONVOLUTION_CASES, DENSE_CASES } from './weightCases.ts';

/** The small built-in networks; `build/interop` compares the large ones with PyTorch. */
const TEMPLATE_CASES: readonly ConformanceCase[] = templatesOf('small').map(({ name }) => {
  const { graph } = instantiateTemplate(name, { inputShape: [3, 8, 8] });
  return {
    name,
    graph: must(checkGraph(graph).graph, name),
    batch: 8,
    threads: 2,
    roundingDepth: name === 'resnet20' ? 5 : 3,
  };
});

const BY_FAMILY = {
  convolution: CONVOLUTION_CASES,
  'transposed convolution': TRANSPOSED_CASES,
  dense: DENSE_CASES,
  'batch normalization': NORMALIZATION_CASES,
  'normalization within a sample': SAMPLE_NORM_CASES,
  activation: ACTIVATION_CASES,
  pooling: POOLING_CASES,
  resizing: RESIZING_CASES,
  products: PRODUCT_CASES,
  structure: STRUCTURE_CASES,
  loss: LOSS_CASES,
  'built-in networks': TEMPLATE_CASES,
};

/** Odd batches, which cannot be divided evenly among threads. */
const THREADED_CASES: readonly ConformanceCase[] = Object.values(BY_FAMILY)
  .flat()
  .filter(({ batch }) => batch === 5)
  .map((one) => ({ ...one, name: `${one.name}, two threads`, threads: 2 }));

/** Cases by family: every op in every mode that changes its arithmetic. */
export const CASES_BY_FAMILY: Readonly<Record<string, readonly ConformanceCase[]>> = {
  ...BY_FAMILY,
  threads: THREADED_CASES,
};

/** All cases, each network once. */
export const ALL_CASES: readonly ConformanceCase[] = Object.values(BY_FAMILY).flat();
