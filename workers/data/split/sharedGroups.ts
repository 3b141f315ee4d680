import { AppError } from '#core/diagnostics/appError.ts';
import type { GroupRule } from '#core/document/groupRule.ts';
import { message, type Message } from '#core/words/message.ts';
import type { FolderScan } from '../scan/scanFolder.ts';
import { groupKeys } from './groupKeys.ts';

/**
 * The warning about groups with images in both the training and the validation folder; null when there are none or no
 * rule. A validation folder to which the rule does not apply (other names, no table) shares none.
 */
export function sharedGroupsWarning(
  train: FolderScan,
  validation: FolderScan,
  rule: GroupRule | null,
): Message | null {
  if (rule === null) return null;
  const here = new Set(groupKeys(train, rule));
  const shared = [...new Set(keysOrNone(validation, rule))].filter((key) => key !== null && here.has(key));
  const [first] = shared;
  if (first === undefined) return null;
  const names = [`“${(first ?? '').replaceAll('\0', ' ')}”`, ...(shared.length > 1 ? ['…'] : [])];
  return message('labels.sharedGroups', { count: shared.length, names });
}

function keysOrNone(scan: FolderScan, rule: GroupRule): (string | null)[] {
  try {
    return groupKeys(scan, rule);
  } catch (thrown) {
    if (thrown instanceof AppError) return [];
    throw thrown;
  }
}
