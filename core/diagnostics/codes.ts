/**
 * Every code that an error or a diagnostic can carry, in one place. Screens translate by code, tests match on it, and
 * the command line turns it into its exit status.
 */

/** Problems with what the user gave: the command line ends with 2. */
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
  /** A table whose columns have to be named. */
  'labels-column',
  /** Subfolders that look like parts of a set, not like classes. */
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
  /** Something else than a file of ours has the name, and is not written over even when asked to. */
  'output-foreign',
  'batch-too-small',
  'grant-unknown',
  'grant-unfit',
  'format-unknown',
] as const;

/** The world or NormLab failed: the command line ends with 1. */
export const FAILURE_CODES = [
  'disk-full',
  'io',
  'native-missing',
  'native-failed',
  'worker-died',
  'host-died',
  'host-busy',
  'diverged',
  'export-differs',
  'message-refused',
  'internal',
] as const;

/** The user stopped it and the state is saved: the command line ends with 130. */
export const INTERRUPT_CODES = ['interrupted'] as const;

/** Codes of graph diagnostics; each names a block and mostly a parameter or port. */
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
  'lint-bias-before-norm',
  'lint-softmax-before-loss',
  'lint-pytorch-momentum',
  'lint-statistics-never-set',
  'lint-activation-twice',
  'lint-dead-end',
] as const;

export type ErrorCode =
  (typeof USER_ERROR_CODES)[number] | (typeof FAILURE_CODES)[number] | (typeof INTERRUPT_CODES)[number];

export type DiagnosticCode = (typeof DIAGNOSTIC_CODES)[number];

/** Exit status of the command line for an error code; design.md, "The command line". */
export function exitCodeFor(code: ErrorCode): 1 | 2 | 130 {
  if ((INTERRUPT_CODES as readonly string[]).includes(code)) return 130;
  return (USER_ERROR_CODES as readonly string[]).includes(code) ? 2 : 1;
}
