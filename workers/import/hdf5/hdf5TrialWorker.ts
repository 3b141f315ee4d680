import { AppError } from '#core/diagnostics/appError.ts';
import type { ForeignTensor } from '#core/import/foreignModel.ts';
import { brokenFile, namingFile } from '#core/import/fileFault.ts';
import { allTensors } from '#core/import/keras/h5Group.ts';
import { message } from '#core/words/message.ts';
import { serveThread } from '../../threads/serveThread.ts';
import { hdf5Library } from './library.ts';
import { HDF5_LIMITS } from './limits.ts';
import { readTree } from './readTree.ts';
import { trialRequestSchema, type TrialRequest } from './trialMessages.ts';

/** Entry of a trial: reads a whole HDF5 file, with an event for each step. */
await serveThread<TrialRequest, never, null, null>(
  { request: trialRequestSchema },
  async ({ bytes, fileName }, { tell }) => {
    const root = await readTree(bytes, fileName, () => tell(null));
    for (const tensor of allTensors(root)) {
      readOrSkip(tensor);
      tell(null);
    }
    const { module } = await hdf5Library();
    if (module.HEAPU8.length <= HDF5_LIMITS.memory) return null;
    return namingFile(fileName, () => {
      throw brokenFile(message('kerasFiles.hdf5Broken'));
    });
  },
);

/** Texts among the tensors are refused when something wants them. */
function readOrSkip(tensor: ForeignTensor): void {
  try {
    tensor.read();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'model-unsupported') throw error;
  }
}
