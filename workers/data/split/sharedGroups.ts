import { AppError } from '#core/diagnostics/appError.ts';
import type { GroupRule } from '#core/document/groupRule.ts';
import type { FolderScan } from '../scan/scanFolder.ts';
import { groupKeys } from './groupKeys.ts';

/**
 * What to say of groups that stand in the training and in the validation folder; null when there are none or no rule. A validation
 * folder to which the rule does not apply (another naming, no table) shares none.
 */
export function sharedGroupsWarning(
  train: FolderScan,
  validation: FolderScan,
  rule: GroupRule | null,
): string | null {
  if (rule === null) return null;
  const here = new Set(groupKeys(train, rule));
  const shared = [...new Set(keysOrNone(validation, rule))].filter((key) => key !== null && here.has(key));
  const [first] = shared;
  if (first === undefined) return null;
  const what = shared.length === 1 ? '1 group stands' : `${shared.length} groups stand`;
  return `${what} in the training and in the validation folder (“${(first ?? '').replaceAll('\0', ' ')}”${shared.length > 1 ? ', …' : ''}), so validation looks better than it is.`;
}

function keysOrNone(scan: FolderScan, rule: GroupRule): (string | null)[] {
  try {
    return groupKeys(scan, rule);
  } catch (thrown) {
    if (thrown instanceof AppError) return [];
    throw thrown;
  }
}
