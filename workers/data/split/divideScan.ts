import type { GroupSplit } from '#core/contract/dataPlan.ts';
import type { Fold } from '#core/document/dataSettings.ts';
import type { GroupRule } from '#core/document/groupRule.ts';
import { groupKeys } from './groupKeys.ts';
import { foldByGroups, splitByGroups, type ComponentSplit } from './splitGroups.ts';
import type { FolderScan } from '../scan/scanFolder.ts';
import { splitFold, splitImages, type ImageSplit } from './splitImages.ts';

/** The settings that determine the side of each image of a scan. */
export interface Division {
  readonly validationFraction: number;
  /** Used instead of the fraction. */
  readonly crossValidation: Fold | null;
  readonly groups: GroupRule | null;
  readonly seed: number;
}

/** The two sides of a scan, and the groups that were kept together; null without a rule for groups. */
export interface DividedScan extends ImageSplit {
  readonly groupSplit: GroupSplit | null;
}

/**
 * Divides a scan by fraction or fold, and by whole groups where there is a rule for them. Throws as `groupKeys` and
 * `splitByGroups` do.
 */
export function divideScan(scan: FolderScan, division: Division): DividedScan {
  const { crossValidation, validationFraction, groups, seed } = division;
  if (groups === null) {
    const split =
      crossValidation === null
        ? splitImages(scan, validationFraction, seed)
        : splitFold(scan, crossValidation, seed);
    return { ...split, groupSplit: null };
  }
  const keys = groupKeys(scan, groups);
  const subject = { images: scan.images, duplicates: scan.duplicates, groups: keys };
  const split =
    crossValidation === null
      ? splitByGroups(subject, validationFraction, seed)
      : foldByGroups(subject, crossValidation, seed);
  const asked = crossValidation === null ? validationFraction : 1 / crossValidation.folds;
  return {
    train: split.train,
    validation: split.validation,
    groupSplit: reportOf(scan, groups, keys, split, asked),
  };
}

function reportOf(
  scan: FolderScan,
  rule: GroupRule,
  keys: readonly (string | null)[],
  { validation, trainOnly }: ComponentSplit,
  asked: number,
): GroupSplit {
  const distinct = (indices: Iterable<number>): number =>
    new Set(Array.from(indices, (index) => keys[index] ?? null).filter((key) => key !== null)).size;
  return {
    rule,
    groups: distinct(keys.keys()),
    validationGroups: distinct(validation),
    ungrouped: keys.filter((key) => key === null).length,
    asked,
    share: scan.images.length === 0 ? 0 : validation.length / scan.images.length,
    trainOnly: trainOnly.map((classIndex) => scan.classes[classIndex]?.name ?? ''),
  };
}
