import { basename } from 'node:path';
import type { DataPlan, GroupSplit, TableUse } from '#core/contract/dataPlan.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { colourNote, inputWords } from './inputWords.ts';
import { preparationWords } from './preparationWords.ts';

/** Lines of the plan about the decisions on the data and their reasons. */
export function dataLines(plan: DataPlan | undefined): string[] {
  if (plan === undefined) return [];
  const { input, groups, table, preparation } = plan;
  const colour = input === null ? null : colourNote(input);
  return [
    ...(input === null ? [] : [inputWords(input)]),
    ...(preparation === undefined ? [] : [preparationWords(preparation)]),
    ...(table === null ? [] : [tableWords(table)]),
    ...(groups === null ? [] : groupLines(groups)),
    ...(colour === null ? [] : [`note: ${colour}`]),
  ];
}

/** The source of the classes, when a table gives them. */
export function tableWords({ path, fileColumn, labelColumns }: TableUse): string {
  const named = labelColumns.slice(0, 6).map((name) => `“${inEnglish(name)}”`);
  const classes =
    labelColumns.length === 1
      ? `the classes in ${named.join('')}`
      : `one column for each class (${named.join(', ')}${labelColumns.length > 6 ? ', …' : ''})`;
  return `classes from ${basename(path)}: the files in “${inEnglish(fileColumn)}”, ${classes}`;
}

function groupLines({
  rule,
  groups,
  validationGroups,
  ungrouped,
  asked,
  share,
  trainOnly,
}: GroupSplit): string[] {
  const by = rule.by === 'pattern' ? `the pattern ${rule.pattern}` : `the column “${rule.column}”`;
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  const alone = ungrouped === 0 ? '' : `; ${ungrouped} images belong to no group`;
  return [
    `groups by ${by}: ${validationGroups} of ${groups} validate, with ${percent(share)} of the images (${percent(asked)} requested); none is on both sides${alone}`,
    ...(trainOnly.length === 0
      ? []
      : [
          `note: All images of ${trainOnly.map((name) => `“${name}”`).join(', ')} belong to one group, so no image of it validates.`,
        ]),
  ];
}
