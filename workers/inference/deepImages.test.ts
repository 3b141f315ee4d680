import { describe, expect, it } from 'vitest';
import { preprocessingSchema } from '#core/document/preprocessing.ts';
import { told } from '#core/words/testing.ts';
import { temporaryFolder, writeFiles } from '../data/testing/imageFolder.ts';
import { tiffFile } from '../data/testing/tiffFile.ts';
import {
  decodeData,
  findData,
  openLabelled,
  preprocessingOf,
  type DataRequest,
} from '../runs/data/prepareData.ts';

const SIDE = 8;
const target = { height: SIDE, width: SIDE, channels: 1, resize: 'stretch' } as const;

/** Two classes of float TIFFs whose halves have the values 0.25 and `bright`. */
function folderOf(bright: number): string {
  const folder = temporaryFolder();
  for (const name of ['a', 'b'])
    for (let number = 0; number < 10; number++) {
      const values = Float32Array.from({ length: SIDE * SIDE }, (_, at) => (at % SIDE < 4 ? 0.25 : bright));
      // Makes the content of every file different.
      values[0] = 0.25 + number * 1e-6 + (name === 'a' ? 1e-7 : 0);
      const bytes = tiffFile({
        width: SIDE,
        height: SIDE,
        samples: 1,
        values,
        photometric: 1,
        sampleFormat: 3,
      });
      writeFiles(folder, { [`${name}/${number}.tif`]: bytes });
    }
  return folder;
}

function requestOf(train: string, more: Partial<DataRequest> = {}): DataRequest {
  return {
    train,
    validation: null,
    validationFraction: 0.2,
    crossValidation: null,
    groups: null,
    columns: { fileColumn: null, labelColumn: null },
    subfolders: 'auto',
    edits: { excluded: [], relabelled: {} },
    labels: null,
    splitFrom: null,
    seed: 1,
    target,
    cacheFolder: temporaryFolder(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  };
}

describe('images of numbers without a fixed range', () => {
  it('become bytes by the range of the training folder, which the run keeps and everything after it uses', async () => {
    const request = requestOf(folderOf(0.75));
    const found = await findData(request);
    expect(told(found.warnings).join('\n')).toContain('20 images hold numbers without a fixed range');
    const data = await decodeData(found, request);
    const kept = preprocessingSchema.parse(await preprocessingOf(data.train, target, {}));
    await data.close();
    expect(kept.ranges).toEqual({ number: [0.25, 0.75] });
    expect(kept.mean[0]).toBeCloseTo(127.5, 1);

    // Other images for the same run: the run maps 0.5 to the middle, whatever the range of these images is.
    const other = await openLabelled(folderOf(0.5), ['a', 'b'], { ...requestOf(''), target: kept });
    const { images } = await other.read(Uint32Array.of(0));
    await other.close();
    expect([images[1], images[5]]).toEqual([0, 128]);
  });

  it('keep the range of a run that goes on, even where the folder would give another', async () => {
    const ranges = { number: [0, 2] as [number, number] };
    const request = requestOf(folderOf(0.75), { target: { ...target, ranges } });
    const found = await findData(request);
    expect(found.pixels.ranges).toEqual(ranges);
    const data = await decodeData(found, request);
    expect((await preprocessingOf(data.train, target, {})).ranges).toEqual(ranges);
    await data.close();
  });

  it('cannot have an empty range in a file', () => {
    const whole = { ...target, mean: [0], deviation: [1] };
    expect(preprocessingSchema.safeParse(whole).success).toBe(true);
    expect(preprocessingSchema.safeParse({ ...whole, ranges: { number: [1, 1] } }).success).toBe(false);
  });
});
