import { join } from 'node:path';
import { classesOf, endOf, inspect, resultOf, train, type FaultCase, type FaultPlace } from './faultCase.ts';

/** Folders whose layout or labels were misinterpreted. */
export const FOLDER_CASES: readonly FaultCase[] = [
  {
    fault: 'grey-outvotes-colour',
    name: 'two grey scans among 80 colour pictures',
    check: async (place) => {
      const { ended, manifest } = await train(place, place.input, '--epochs', '8', '--batch', '16');
      if (manifest === null) return endOf(ended);
      const { data, train: trained } = resultOf(ended);
      if (data?.input?.channels !== 3) return `channels ${data?.input?.channels ?? 'unknown'}, right is 3`;
      return trained.accuracy > 0.95 ? null : `accuracy ${trained.accuracy}, right is about 1`;
    },
  },
  tableCase('label-table-wrong-column', 'plural', 'cat 12, dog 12', null),
  tableCase(
    'label-table-wrong-column',
    'name',
    'cat 12, dog 12',
    /image_name, width, height, species.*column/,
  ),
  tableCase(
    'label-table-wrong-column',
    'one-hot',
    'healthy 8, rust 8, scab 8',
    /image_id, healthy, rust, scab/,
  ),
  {
    fault: 'label-table-denied',
    name: 'one-row-empty',
    check: async (place) => {
      const { ended, summary } = await inspect(place, join(place.input, 'one-row-empty'));
      if (summary === null) return endOf(ended);
      if (summary.images !== 11) return `${summary.images} images, right is 11`;
      const isListed = JSON.stringify(summary.skipped).includes('line 7');
      return isListed ? null : 'line 7 is not listed';
    },
  },
  tableCase('label-table-denied', 'mac-names', 'cat 6, dog 6', null),
  tableCase('label-table-denied', 'other-case', 'cat 6, dog 6', null),
  tableCase('label-table-denied', 'absolute', 'cat 6, dog 6', null),
  tableCase('label-table-denied', 'excel-1252', null, /labels\.csv.*is not UTF-8 text/),
  ...['kaggle', 'intel', 'validate', 'runs'].map(partsCase),
  {
    fault: 'test-part-without-labels',
    name: 'train/ beside an unlabelled test/',
    check: async (place) => {
      const { ended, summary } = await inspect(place, place.input);
      if (summary === null || classesOf(summary) !== '0 12, 1 12') return `inspect: ${endOf(ended)}`;
      const trained = await train(place, place.input);
      if (trained.manifest === null) return `train: ${endOf(trained.ended)}`;
      if (trained.manifest.data.validationImages === 0) return 'nothing validates';
      const isTold = (text: string): boolean => /test.*no class/.test(text);
      return isTold(ended.stdout) && isTold(trained.ended.stderr)
        ? null
        : 'no note says that test/ has no classes';
    },
  },
];

/** A table that is read as these classes, or refused with this message. */
function tableCase(fault: string, name: string, classes: string | null, refusal: RegExp | null): FaultCase {
  return {
    fault,
    name,
    check: async (place) => {
      const { ended, summary } = await inspect(place, join(place.input, name));
      if (summary !== null) return classesOf(summary) === classes ? null : `classes ${classesOf(summary)}`;
      return ended.status === 2 && refusal?.test(ended.stderr) === true ? null : endOf(ended);
    },
  };
}

/** Parts that are recognised, or refused with the folder to choose. */
function partsCase(name: string): FaultCase {
  return {
    fault: 'parts-taken-for-classes',
    name,
    check: async (place: FaultPlace) => {
      const { ended, manifest } = await train(place, join(place.input, name));
      if (manifest === null) return /choose “/.test(ended.stderr) ? null : endOf(ended);
      const classes = manifest.classNames.join(', ');
      if (classes !== 'cats, dogs') return `trains ${classes}`;
      return /note: /.test(ended.stderr) ? null : 'no note says which part trains';
    },
  };
}
