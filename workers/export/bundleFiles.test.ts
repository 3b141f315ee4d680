import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { filesOfFolder } from '#core/export/bundle/bundleFiles.ts';
import { EXPORT_FORMATS, isFolderFormat } from '#core/export/formats.ts';
import { randomModel } from '#core/export/testing/randomModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { writeVerified } from './writeVerified.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each(EXPORT_FORMATS.filter((format) => isFolderFormat(format)))(
  'the files listed for %s before an export are those that it writes, folded or not',
  async (format) => {
    const model = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [1, 8, 8], classes: 4 }));
    const listed = filesOfFolder(format).map(({ name }) => name);
    for (const foldBatchNorm of [false, true]) {
      const rest = { samples: new Uint8Array(0), backend: referenceBackend, path: folder };
      await writeVerified({ ...rest, model, format, foldBatchNorm }, folder);
      expect((await readdir(folder)).sort()).toEqual([...listed].sort());
      await Promise.all(listed.map((name) => rm(path.join(folder, name))));
    }
  },
);
