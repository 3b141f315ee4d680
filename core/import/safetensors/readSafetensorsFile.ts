import { readHeaderBy, type HeaderRules } from '../../export/safetensorsHeader.ts';
import { message } from '../../words/message.ts';
import { denseStrides, readElements } from '../elements.ts';
import { brokenFile, namingFile, unsupportedFile } from '../fileFault.ts';
import type { ForeignDtype, ForeignTensor, ForeignWeights, ModelFile } from '../foreignModel.ts';
import { withoutPrefixes } from '../prefixes.ts';
import { checkTensorNames, shardsOf, type Shard } from '../shards.ts';

/** The types of the format that have a fixed number of whole bytes and are real numbers. */
const DTYPES = {
  F64: 'f64',
  F32: 'f32',
  F16: 'f16',
  BF16: 'bf16',
  I64: 'i64',
  I32: 'i32',
  I16: 'i16',
  I8: 'i8',
  U64: 'u64',
  U32: 'u32',
  U16: 'u16',
  U8: 'u8',
  BOOL: 'bool',
} as const satisfies Record<string, ForeignDtype>;

/** Characters of an unknown type in the message about it. */
const MOST_TYPE = 40;

const RULES: HeaderRules<keyof typeof DTYPES> = {
  widths: {
    ...{ F64: 8, F32: 4, F16: 2, BF16: 2 },
    ...{ I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 },
  },
  broken: brokenFile,
  unknownType: (name, type) =>
    unsupportedFile(message('weightFiles.tensorType', { name, type: type.slice(0, MOST_TYPE) })),
};

interface ShardContent {
  readonly tensors: readonly ForeignTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file, or all files of a model in several: `file` is the index or one of its shards. Throws
 * `AppError('model-invalid')` and `AppError('model-unsupported')`.
 */
export function readSafetensorsFile(file: ModelFile): ForeignWeights {
  return namingFile(file.name, () => {
    const shards = shardsOf(file, '.safetensors');
    const contents = shards.map((shard) => namingFile(shard.name, () => readShard(shard)));
    const tensors = contents.flatMap((content) => content.tensors);
    const short = withoutPrefixes(tensors.map(({ name }) => name));
    checkTensorNames(tensors);
    const renamed = tensors.map((tensor, index) => ({ ...tensor, name: short.names[index] ?? tensor.name }));
    const parts = shards.length > 1 ? [message('weightFiles.shardsRead', { count: shards.length })] : [];
    return {
      kind: 'weights',
      format: 'safetensors',
      tensors: renamed,
      metadata: Object.assign(
        Object.create(null) as Record<string, string>,
        ...contents.map(({ metadata }) => metadata),
      ) as Record<string, string>,
      classNames: null,
      notes: [...parts, ...short.notes],
    };
  });
}

function readShard({ bytes }: Shard): ShardContent {
  const { entries, metadata, dataStart } = readHeaderBy(bytes, RULES);
  const tensors = entries.map(({ name, dtype: stored, shape: dims, begin, end }): ForeignTensor => {
    const data = bytes.subarray(dataStart + begin, dataStart + end);
    const dtype = DTYPES[stored];
    const placement = { dims, strides: denseStrides(dims), offset: 0 };
    return { name, dims, dtype, read: () => readElements(data, dtype, placement) };
  });
  return { tensors, metadata };
}
