/** What is wrong with a zip, pickle, safetensors or npz file, inside `importing.broken` or `importing.notSupported`. */
export const weightFiles = {
  tooShort: 'it ends after {bytes} bytes',
} as const;
