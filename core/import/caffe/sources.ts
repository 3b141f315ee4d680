import type { CaffeLayer } from './caffeNet.ts';

/** Layers that give images; their first top is the images, a second one the labels. */
const SOURCES = [
  'Input',
  'Data',
  'ImageData',
  'MemoryData',
  'HDF5Data',
  'DummyData',
  'WindowData',
  'AnnotatedData',
];

export function isSource({ type }: CaffeLayer): boolean {
  return SOURCES.includes(type);
}
