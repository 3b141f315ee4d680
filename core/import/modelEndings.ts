/** Endings of the model files that can be read, without the dot. The content decides how a file is read. */
export const MODEL_ENDINGS: readonly string[] = [
  ...['pt', 'pth', 'bin', 'ckpt', 'tar', 'safetensors', 'npz', 'npy'],
  ...['keras', 'h5', 'hdf5', 'onnx', 'caffemodel', 'prototxt'],
];

/** True for a name that a model file has. */
export function isModelName(name: string): boolean {
  const lower = name.toLowerCase();
  return MODEL_ENDINGS.some((ending) => lower.endsWith(`.${ending}`));
}
