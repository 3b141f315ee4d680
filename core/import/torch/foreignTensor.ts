import { message } from '../../words/message.ts';
import { countOf, ELEMENT_BYTES, extentOf, readElements } from '../elements.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import type { ForeignTensor } from '../foreignModel.ts';
import type { StrangeTensor, TorchTensor } from './pickle/values.ts';

/** An expanded tensor (stride 0) may have more elements than its storage, up to this many. */
const MOST_EXPANDED = 2 ** 20;

/**
 * A tensor of a state dict, whose data is found and checked now: the view lies within its storage. Throws a fault with
 * the tensor's name for types that are not read and for views that lead out of the storage.
 */
export function foreignTensor(name: string, tensor: TorchTensor | StrangeTensor): ForeignTensor {
  if (tensor.kind === 'strange')
    throw unsupportedFile(message('weightFiles.strangeTensor', { name, why: tensor.why }));
  const { dtype, typeName, dims, storage } = tensor;
  if (dtype === null) throw unsupportedFile(message('weightFiles.tensorType', { name, type: typeName }));
  const bytes = storage.bytes();
  const available = Math.floor(bytes.length / ELEMENT_BYTES[dtype]);
  const count = countOf(dims);
  if (extentOf(tensor) > available || count > Math.max(available, MOST_EXPANDED))
    throw brokenFile(message('weightFiles.tensorOutside', { name }));
  return { name, dims, dtype, read: () => readElements(bytes, dtype, tensor, storage.littleEndian) };
}
