import type { CompileOptions } from '../compile/options.ts';
import { CROSS_ENTROPY, type LossPlan } from '../program/loss.ts';
import { chainCase, type ConformanceCase } from './conformanceCase.ts';
import { chain, network, type Link } from './networks.ts';

const LINKS: readonly Link[] = [['flatten'], ['dense', { units: 5 }], ['tanh']];
const THREE = chainCase('loss', [1, 3, 3], 5, ...LINKS);
/** One logit for two classes. */
const ONE: ConformanceCase = { ...THREE, graph: network([1, 3, 3], chain(...LINKS), 1) };

const WEIGHTS = [0.5, 3, 1.25];
const BINARY: LossPlan = { ...CROSS_ENTROPY, kind: 'binaryCrossEntropy' };
const FOCAL: LossPlan = { ...CROSS_ENTROPY, kind: 'focal', exponent: 2, alpha: 0.25 };
const SQUARE: LossPlan = { ...CROSS_ENTROPY, kind: 'mse' };

function lossCase(
  network: ConformanceCase,
  name: string,
  loss: LossPlan,
  options: Partial<CompileOptions> = {},
): ConformanceCase {
  return { ...network, name, someLabels: true, options: { loss, ...options } };
}

/** Every loss with its settings. */
export const LOSS_CASES: readonly ConformanceCase[] = [
  { ...THREE, name: 'cross-entropy with samples left out', someLabels: true },
  { ...THREE, name: 'cross-entropy with label smoothing', options: { labelSmoothing: 0.1 } },
  lossCase(THREE, 'cross-entropy with both', CROSS_ENTROPY, { labelSmoothing: 0.3 }),
  lossCase(THREE, 'cross-entropy with class weights', { ...CROSS_ENTROPY, classWeights: WEIGHTS }),
  lossCase(
    THREE,
    'cross-entropy with weights and smoothing',
    { ...CROSS_ENTROPY, classWeights: WEIGHTS },
    { labelSmoothing: 0.2 },
  ),
  lossCase(THREE, 'binary cross-entropy, one against the rest', BINARY),
  lossCase(
    THREE,
    'binary cross-entropy with weights and smoothing',
    { ...BINARY, classWeights: WEIGHTS },
    { labelSmoothing: 0.2 },
  ),
  lossCase(ONE, 'binary cross-entropy of one logit', BINARY),
  lossCase(
    ONE,
    'binary cross-entropy of one logit with weights and smoothing',
    { ...BINARY, classWeights: WEIGHTS.slice(0, 2) },
    { labelSmoothing: 0.2 },
  ),
  lossCase(THREE, 'focal', FOCAL),
  lossCase(
    THREE,
    'focal with weights and smoothing, gamma 0.5',
    { ...FOCAL, exponent: 0.5, alpha: 0.6, classWeights: WEIGHTS },
    { labelSmoothing: 0.2 },
  ),
  lossCase(THREE, 'focal with gamma 0', { ...FOCAL, exponent: 0 }),
  lossCase(ONE, 'focal of one logit', FOCAL),
  lossCase(
    ONE,
    'focal of one logit with weights and smoothing',
    { ...FOCAL, exponent: 1.5, classWeights: WEIGHTS.slice(0, 2) },
    { labelSmoothing: 0.2 },
  ),
  lossCase(THREE, 'mean square', SQUARE),
  lossCase(
    THREE,
    'mean square with weights and smoothing',
    { ...SQUARE, classWeights: WEIGHTS },
    { labelSmoothing: 0.2 },
  ),
];
