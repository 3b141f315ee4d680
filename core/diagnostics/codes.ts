/**
 * Every code that an error or a diagnostic can carry, in one place. Screens translate by code, tests match on it, and
 * the command line turns it into its exit status.
 */

/** Problems with the user's input: the command line exits with 2. */
export const USER_ERROR_CODES = [
  'arguments',
  'project-not-found',
  'project-not-json',
  'project-truncated',
  'project-not-a-project',
  'project-future-version',
  'project-invalid',
  'project-changed',
  'graph-invalid',
  'folder-not-found',
  'folder-not-readable',
  'folder-no-images',
  'folder-one-class',
  'folder-classes-differ',
  'labels-invalid',
  /** The columns of a table must be named by the user. */
  'labels-column',
  /** The subfolders look like parts of a data set, not like classes. */
  'folder-in-parts',
  'groups-invalid',
  'image-unreadable',
  'run-not-found',
  'run-exists',
  'run-busy',
  'run-invalid',
  'run-has-no-weights',
  'output-not-writable',
  'output-exists',
  /** A file that NormLab did not write has this name; it is not overwritten, even when the user asks for it. */
  'output-foreign',
  'batch-too-small',
  'grant-unknown',
  'grant-unfit',
  'format-unknown',
  /** A model file that is broken, or not what its name says. */
  'model-invalid',
  /** A model file with something that NormLab has no block for. */
  'model-unsupported',
  /** Weights that do not fit the network, where a partial load was not chosen. */
  'weights-mismatch',
] as const;

/** Failures of the system or of NormLab: the command line exits with 1. */
export const FAILURE_CODES = [
  'disk-full',
  'io',
  'native-missing',
  'native-failed',
  'worker-died',
  'host-died',
  'host-busy',
  /** A network or a picture that is tried is no longer kept; the screen opens or shows it again. */
  'picture-gone',
  'diverged',
  'export-differs',
  'message-refused',
  'internal',
] as const;

/** The user stopped the run and its state is saved: the command line exits with 130. */
export const INTERRUPT_CODES = ['interrupted'] as const;

/** Codes of graph diagnostics. A diagnostic names a block and usually a parameter or port. */
export const DIAGNOSTIC_CODES = [
  'cycle',
  'wire-missing',
  'wire-dangling',
  'port-unknown',
  'kind-unknown',
  'input-missing',
  'input-many',
  'output-missing',
  'output-many',
  'unreachable',
  'param-type',
  'param-range',
  'param-unknown',
  'shape-rank',
  'shape-mismatch',
  'shape-empty',
  'classes-mismatch',
  'batch-of-one',
  'loss-outputs',
  'class-weights',
  'accumulated-norm',
  'renorm-too-late',
  'no-parameters',
  'nothing-trains',
  'head-frozen',
  'small-batch-norm',
  'lint-bias-before-norm',
  'lint-softmax-before-loss',
  'lint-pytorch-momentum',
  'lint-statistics-never-set',
  'lint-frozen-moving',
  'lint-norm-family',
  'lint-idle-rate',
  'lint-activation-twice',
  'lint-dead-end',
] as const;

export type ErrorCode =
  (typeof USER_ERROR_CODES)[number] | (typeof FAILURE_CODES)[number] | (typeof INTERRUPT_CODES)[number];

export type DiagnosticCode = (typeof DIAGNOSTIC_CODES)[number];

/** Exit status of the command line for an error code; README, "The command line". */
export function exitCodeFor(code: ErrorCode): 1 | 2 | 130 {
  if ((INTERRUPT_CODES as readonly string[]).includes(code)) return 130;
  return (USER_ERROR_CODES as readonly string[]).includes(code) ? 2 : 1;
}
