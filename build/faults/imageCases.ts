import { join } from 'node:path';
import { endOf, inspect, train, type FaultCase, type FaultPlace } from './faultCase.ts';

const RGB = [200, 120, 40];
/** Tolerance of a mean, in grey levels: one pixel of each image has another value. */
const NEAR = 4;

/** Images that were decoded wrongly, ignored silently or judged by their previews. */
export const IMAGE_CASES: readonly FaultCase[] = [
  ...['rgb', 'rgb-nir', 'three-blackiszero', 'three-blackiszero-16', 'four-blackiszero', 'five'].map((kind) =>
    bandsCase(kind, RGB),
  ),
  bandsCase('grey-plus-band', [200]),
  bandsCase('thirteen-16', null),
  ...['u16png', 'u16tif', 'floattif'].map(faintCase),
  {
    fault: 'kinds-passed-over',
    name: 'mixed',
    check: async (place) => {
      const { ended, summary } = await inspect(place, join(place.input, 'mixed'));
      if (summary === null) return endOf(ended);
      const told = summary.images + summary.skipped.length;
      return told === 60 ? null : `${summary.images} read and ${summary.skipped.length} listed of 60`;
    },
  },
  {
    fault: 'kinds-passed-over',
    name: 'only',
    check: async (place) => {
      const { ended, summary } = await inspect(place, join(place.input, 'only'));
      if (summary !== null) return summary.images === 24 ? null : `${summary.images} of 24 read`;
      return /PPM/i.test(ended.stderr) ? null : endOf(ended);
    },
  },
  {
    fault: 'predict-folder',
    name: 'predict takes what inspect takes',
    check: predictsWhatIsInspected,
  },
];

/** Decoded to these means at either size, or skipped with the right reason. */
function bandsCase(kind: string, means: readonly number[] | null): FaultCase {
  return {
    fault: 'tiff-bands',
    name: kind,
    check: async (place) => {
      for (const size of ['16x16', '32x32']) {
        const { ended, manifest } = await train(place, join(place.input, kind), '--size', size);
        const found = manifest?.preprocessing.mean ?? null;
        if (found === null) {
          if (/more than 3 bands/.test(ended.stderr)) continue;
          return `${size}: ${endOf(ended)}`;
        }
        if (means === null || means.some((mean, at) => Math.abs((found[at] ?? 0) - mean) > NEAR))
          return `${size}: means ${found.map((mean) => mean.toFixed(0)).join(', ')}`;
      }
      return null;
    },
  };
}

/** The contrast is kept, or its loss is reported, or float is refused by name. */
function faintCase(kind: string): FaultCase {
  return {
    fault: 'faint-16-bit-and-float',
    name: kind,
    check: async (place) => {
      const { ended, manifest } = await train(place, join(place.input, kind));
      if (manifest === null) return kind === 'floattif' && /float/i.test(ended.stderr) ? null : endOf(ended);
      const [mean = 0] = manifest.preprocessing.mean;
      const [deviation = 0] = manifest.preprocessing.deviation;
      const isTold = /black|one value|8 bits/i.test(ended.stderr);
      return (mean > 1 && deviation > 5) || isTold
        ? null
        : `mean ${mean.toFixed(1)}, deviation ${deviation.toFixed(1)}, and no word of it`;
    },
  };
}

async function predictsWhatIsInspected(place: FaultPlace): Promise<string | null> {
  const at = (name: string): string => join(place.input, name);
  const inspected = await inspect(place, at('left'));
  if (inspected.summary?.images !== 20)
    return `inspect left: ${inspected.summary?.images ?? endOf(inspected.ended)} images, right is 20`;
  const trained = await train(place, at('left'));
  if (trained.manifest === null) return endOf(trained.ended);
  for (const [name, right] of [
    ['left', 20],
    ['bare', 20],
    ['links', 5],
  ] as const) {
    const ended = await place.terminal.run('predict', trained.out, at(name), '--json');
    const found = ended.status === 0 ? (JSON.parse(ended.stdout) as unknown[]).length : null;
    if (found !== right) return `predict ${name}: ${found ?? endOf(ended)}, right is ${right}`;
    if (name !== 'left') continue;
    const unnamed = ['nef', 'dng', 'nrw', '3fr', 'iiq', 'kdc'].filter(
      (raw) => !ended.stderr.includes(`DSC_1.${raw}`),
    );
    if (unnamed.length > 0) return `predict left does not name DSC_1.${unnamed.join(', DSC_1.')}`;
  }
  return null;
}
