import type { ForeignDtype } from '#core/import/foreignModel.ts';
import type { H5Module } from './library.ts';
import type { OpenFile } from './openFile.ts';

export type DatasetMetadata = ReturnType<H5Module['get_dataset_metadata']>;

const FLOATS: Readonly<Record<number, ForeignDtype>> = { 2: 'f16', 4: 'f32', 8: 'f64' };
const SIGNED: Readonly<Record<number, ForeignDtype>> = { 1: 'i8', 2: 'i16', 4: 'i32', 8: 'i64' };
const UNSIGNED: Readonly<Record<number, ForeignDtype>> = { 1: 'u8', 2: 'u16', 4: 'u32', 8: 'u64' };

/**
 * The type of a tensor's elements, or null for one that is no number. Keras stores bfloat16 as two opaque bytes or as
 * an integer, and says so in the attribute `dtype`.
 */
export function elementType(
  { module }: OpenFile,
  { type, size, signed }: DatasetMetadata,
  said: string | null,
): ForeignDtype | null {
  if (said === 'bfloat16' && size === 2) return 'bf16';
  const { H5T_FLOAT: float, H5T_INTEGER: integer } = module.H5T_class_t;
  if (type === float.value) return FLOATS[size] ?? null;
  if (type !== integer.value) return null;
  return (signed ? SIGNED : UNSIGNED)[size] ?? null;
}
