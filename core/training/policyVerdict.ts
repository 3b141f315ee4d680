import { RUN_POLICY_PAGES } from '../nodes/batchNormPolicies.ts';
import { message, sentences, type Message } from '../words/message.ts';
import type { PolicyRow, RowPolicy } from './policyRows.ts';
import { overlap } from './wilson.ts';

type Measured = PolicyRow & { readonly validation: NonNullable<PolicyRow['validation']> };

/** The name of a policy in a table. */
export function policyTitle(policy: RowPolicy): Message {
  return policy === 'start' ? message('policies.asItCame') : RUN_POLICY_PAGES[policy].title;
}

/** The row with the best validation accuracy, the first of equal ones; null where none was measured. */
export function bestRow(rows: readonly PolicyRow[]): Measured | null {
  const measured = rows.filter(isMeasured);
  return measured.reduce<Measured | null>(
    (best, row) => (best === null || row.validation.accuracy > best.validation.accuracy ? row : best),
    null,
  );
}

/**
 * What a comparison says: which policies differ beyond chance, by their 95 % intervals. Intervals that overlap do not
 * prove that two policies are equal; they only mean that these images cannot tell them apart.
 */
export function policyVerdict(rows: readonly PolicyRow[]): Message {
  const best = bestRow(rows);
  if (best === null) return message(rows.length === 0 ? 'policies.nothingYet' : 'policies.noValidation');
  const others = rows.filter(isMeasured).filter((row) => row !== best);
  if (others.length === 0) return message('policies.onlyOne', { policy: quoted(best) });
  const { images } = best.validation;
  const worse = others.filter((row) => !overlap(row.validation, best.validation));
  const equal = others.filter((row) => !worse.includes(row));
  if (worse.length === 0) return message('policies.noDifference', { images });
  const better = message('policies.better', { best: quoted(best), worse: worse.map(quoted), images });
  return equal.length === 0
    ? better
    : sentences(better, message('policies.equalToBest', { equal: equal.map(quoted) }));
}

function quoted({ policy }: PolicyRow): Message {
  return message('policies.quoted', { policy: policyTitle(policy) });
}

function isMeasured(row: PolicyRow): row is Measured {
  return row.validation !== null;
}
