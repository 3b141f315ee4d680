import type { FoldMeasurement, NormPreview } from '#core/contract/normPreview.ts';
import type { Message } from '#core/words/message.ts';
import { formatValue } from '../text/formatDuration.ts';

type Finding = NormPreview['findings'][number];
export type Severity = Finding['severity'];

/** One BatchNorm block of the preview, in formatted values. */
export interface FoldRow {
  readonly node: string;
  readonly name: string;
  readonly into: string | null;
  readonly isForward: boolean;
  readonly reason: Message;
  /** `× 1.6`. */
  readonly factor: string;
  readonly channel: number;
  /** The largest difference of a logit with this block folded alone; empty where it was not measured. */
  readonly difference: string;
  /** True for the block that costs most, where the blocks differ clearly. */
  readonly isWorst: boolean;
  /** The worst finding about the block; null for none. */
  readonly severity: Severity | null;
}

/** A block costs clearly more than the others from this multiple of their median on. */
const CLEARLY = 4;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** The blocks in the graph's order, with the measured differences where there are any. */
export function foldRows(
  { blocks, findings }: NormPreview,
  measured: FoldMeasurement | null,
): readonly FoldRow[] {
  const differences = new Map(measured?.blocks.map(({ node, maxAbsDiff }) => [node, maxAbsDiff]));
  const worst = worstOf(differences);
  return blocks.map(({ node, name, into, isForward, reason, factor, channel }) => {
    const difference = differences.get(node);
    const own = findings.filter((finding) => finding.node === node);
    return {
      ...{ node, name, into, isForward, reason, channel },
      factor: factor === null ? '—' : `× ${formatValue(factor, 2)}`,
      difference: difference === undefined ? '' : formatValue(difference, 2),
      isWorst: node === worst,
      severity: SEVERITIES.find((severity) => own.some((each) => each.severity === severity)) ?? null,
    };
  });
}

function worstOf(differences: ReadonlyMap<string, number>): string | null {
  const sorted = [...differences].sort(([, a], [, b]) => b - a);
  const [first] = sorted;
  const median = sorted[Math.floor(sorted.length / 2)];
  if (first === undefined || median === undefined || sorted.length < 2) return null;
  return first[1] >= CLEARLY * median[1] ? first[0] : null;
}

/** How many findings there are of each severity, those that occur. */
export function countFindings(
  findings: NormPreview['findings'],
): readonly { readonly severity: Severity; readonly count: number }[] {
  return SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((finding) => finding.severity === severity).length,
  })).filter(({ count }) => count > 0);
}
