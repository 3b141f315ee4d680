import { asIs, isSameMessage, message, type Message } from '../words/message.ts';
import type { McNemar } from './compareDecisions.ts';
import type { PairFigures } from './pairFigures.ts';
import type { PairSideRecord } from './pairRecord.ts';

/** Below this p the difference of the accuracies counts as shown. */
const LEVEL = 0.05;

/** The result of a comparison in one sentence. */
export function pairHeadline({ right, mcnemar, agreement }: PairFigures): Message {
  const { onlyFirst: first, onlySecond: second } = right;
  if (agreement?.value === 1) return message('pairs.equal');
  if (first + second === 0) return message('pairs.equalRight');
  const values = { first, second, test: testWords(mcnemar) };
  if (mcnemar.pValue >= LEVEL) return message('pairs.undecided', values);
  return message(second > first ? 'pairs.secondBetter' : 'pairs.firstBetter', values);
}

/** The test and its p, for example `McNemar exact, p = 0.005`. */
export function testWords({ method, pValue }: McNemar): Message {
  const p = probabilityText(pValue);
  return message(method === 'exact' ? 'pairs.exactTest' : 'pairs.correctedTest', { p });
}

/** `= 0.034`, or `< 0.0001` for a smaller one. */
function probabilityText(p: number): string {
  if (p < 0.0001) return '< 0.0001';
  return `= ${p.toFixed(p < 0.001 ? 4 : 3)}`;
}

/** What distinguishes the network of one evaluation: run, epoch, weights, statistics, precision, folding. */
export function networkFacts({ model, compute }: PairSideRecord): Message[] {
  const { run, checkpoint, epoch, weights, statistics, folded } = model;
  return [
    message('pairs.run', { run }),
    message(checkpoint === 'best' ? 'pairs.best' : 'pairs.last', { epoch }),
    message(weights === 'ema' ? 'pairs.averaged' : 'pairs.raw'),
    message(statistics === 'exact' ? 'pairs.exact' : 'pairs.moving'),
    asIs(compute.precision),
    message(folded === true ? 'pairs.folded' : 'pairs.notFolded'),
  ];
}

/**
 * A short name for each of both networks: what distinguishes them, for example `exact statistics` and `moving
 * averages`; the run where nothing does.
 */
export function networkNames(
  first: PairSideRecord,
  second: PairSideRecord,
): readonly [readonly Message[], readonly Message[]] {
  const [one, other] = [networkFacts(first), networkFacts(second)];
  const differing = one.flatMap((fact, at) => (isSameMessage(fact, other[at] ?? fact) ? [] : [at]));
  const shown = differing.length === 0 ? [0] : differing;
  const pick = (facts: readonly Message[]): Message[] => shown.flatMap((at) => facts[at] ?? []);
  return [pick(one), pick(other)];
}
