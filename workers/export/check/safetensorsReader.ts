import { z } from 'zod';
import type { WeightsReading } from './weightsLogits.ts';

/*
 * A second reader, written from the format's README and sharing no line with core/export. If both made the same
 * mistake, the Python reader of the interop suite would find it.
 */
const entrySchema = z.object({
  dtype: z.enum(['F32', 'I64']),
  shape: z.array(z.number()),
  data_offsets: z.tuple([z.number(), z.number()]),
});
const metadataSchema = z.record(z.string(), z.string());
const headerSchema = z.record(z.string(), z.unknown());

interface Tensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Shapes and values of every tensor of a file as `exportSafetensors` writes it. */
export function readSafetensors(bytes: Uint8Array): WeightsReading {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(file.readBigUInt64LE(0));
  const header = headerSchema.parse(JSON.parse(file.toString('utf8', 8, 8 + headerBytes)));
  const tensors = new Map<string, Tensor>();
  const { __metadata__: metadata, ...entries } = header;
  for (const [name, entry] of Object.entries(entries))
    tensors.set(name, readTensor(file, 8 + headerBytes, entrySchema.parse(entry)));
  return { metadata: metadataSchema.parse(metadata), tensors };
}

function readTensor(
  file: Buffer,
  dataStart: number,
  { dtype, shape, data_offsets: [begin, end] }: z.infer<typeof entrySchema>,
): Tensor {
  const width = dtype === 'F32' ? 4 : 8;
  const values = Array.from({ length: (end - begin) / width }, (_, index) => {
    const at = dataStart + begin + index * width;
    return dtype === 'F32' ? file.readFloatLE(at) : Number(file.readBigInt64LE(at));
  });
  return { shape, values };
}
