/**
 * The folders of `workers/native/src` from the lowest to the highest: a file may include files of its own folder and of
 * those before it. Include paths are relative to `src`.
 */
export const NATIVE_FOLDERS: readonly string[] = [
  'base',
  'onednn',
  'kernels/lanes',
  'kernels/channels',
  'kernels/norm',
  'kernels/pool',
  'kernels/winograd',
  'kernels/direct',
  'kernels/dense',
  'kernels/depthwise',
  'kernels/taps',
  'kernels/amx',
  'kernels/update',
  'kernels/loss',
  'program',
  'run',
  'plan',
  'ops/shared',
  'ops/norm',
  'ops/conv',
  'ops/dense',
  'ops/pool',
  'ops/activation',
  'ops/shape',
  'ops/dropout',
  'ops/loss',
  'ops/update',
  'ops',
  'door',
];

/** Maximum lines of a C++ function from its opening to its closing brace. */
export const MOST_FUNCTION_LINES = 60;
