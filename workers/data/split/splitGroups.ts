import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { Fold } from '#core/document/dataSettings.ts';
import { message, type Message } from '#core/words/message.ts';
import { sidesOf, type ImageSplit } from './splitImages.ts';
import { chooseComponents } from './chooseComponents.ts';
import { componentsOf, type Component, type GroupedSubject } from './components.ts';
import { Deviation } from './deviation.ts';

/** The result of a split by groups. */
export interface ComponentSplit extends ImageSplit {
  /** Classes without an image that can be used for validation: one component holds them all. */
  readonly trainOnly: readonly number[];
}

/**
 * Sets about `fraction` (0 to 0.9) of the images aside for validation in whole groups, together with copies of an
 * image; see `chooseComponents`. A pure function of names, contents, groups and seed. Throws
 * `AppError('groups-invalid')` when no group can be set aside.
 */
export function splitByGroups(subject: GroupedSubject, fraction: number, seed: number): ComponentSplit {
  const components = componentsOf(subject, seed);
  if (fraction <= 0) return sides(subject, components, []);
  const chosen = chooseComponents(components, fraction);
  if (chosen.size === 0) throw tooFew(components, message('labels.noneValidates'));
  return sides(subject, components, [...chosen]);
}

/**
 * Divides the images into `folds` parts in whole groups and returns part `fold` (from 1) for validation. Large
 * components are assigned first, each to the part where it causes the smallest deviation. A component that holds all
 * images of a class is used for training in every fold. Throws `AppError('groups-invalid')` when there are fewer groups
 * than folds.
 */
export function foldByGroups(subject: GroupedSubject, { folds, fold }: Fold, seed: number): ComponentSplit {
  const components = componentsOf(subject, seed);
  const free = components
    .filter(({ mustTrain }) => !mustTrain)
    .sort((a, b) => b.members.length - a.members.length);
  if (free.length < folds) throw tooFew(components, message('labels.tooFewForFolds', { folds }));
  const parts = Array.from({ length: folds }, () => ({
    members: new Array<Component>(),
    deviation: new Deviation(components, 1 / folds),
  }));
  for (const component of free) {
    const best = parts.reduce((least, part) =>
      part.deviation.change(component, 1) < least.deviation.change(component, 1) - 1e-9 ? part : least,
    );
    best.members.push(component);
    best.deviation.move(component, 1);
  }
  return sides(subject, components, must(parts[fold - 1], `fold ${fold}`).members);
}

function sides(
  { images }: GroupedSubject,
  components: readonly Component[],
  validation: readonly Component[],
): ComponentSplit {
  const isValidation = new Uint8Array(images.length);
  for (const { members } of validation) for (const index of members) isValidation[index] = 1;
  const free = new Set(
    components.filter(({ mustTrain }) => !mustTrain).flatMap(({ counts }) => [...counts.keys()]),
  );
  const classes = new Set(components.flatMap(({ counts }) => [...counts.keys()]));
  const trainOnly = [...classes].filter((classIndex) => !free.has(classIndex)).sort((a, b) => a - b);
  return { ...sidesOf(isValidation), trainOnly };
}

function tooFew(components: readonly Component[], consequence: Message): AppError {
  const count = components.filter(({ mustTrain }) => mustTrain).length;
  const fixed = count === 0 ? '' : message('labels.fixedGroups', { groups: count });
  return new AppError(
    'groups-invalid',
    components.length === 1
      ? message('labels.oneGroup', { fixed, consequence })
      : message('labels.fewGroups', { groups: components.length, fixed, consequence }),
  );
}
