import type { NodeId } from './ids.ts';
import type { DiagnosticCode } from './codes.ts';
import type { Message } from '../words/message.ts';

/** `error` forbids training; `warning` and `hint` are lints that the user may ignore. */
export type Severity = 'error' | 'warning' | 'hint';

/** A fix that one command can make; the editor shows it as a button beside the diagnostic. */
export interface QuickFix {
  readonly title: Message;
  readonly nodeId: NodeId;
  readonly param: string;
  readonly value: string | number | boolean;
}

/** One problem of a graph, with its block and parameter. Validation collects all problems, not only the first. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** The block, or null when the problem concerns the whole graph. */
  readonly nodeId: NodeId | null;
  /** The input port concerned, if any. */
  readonly port?: string;
  /** The parameter concerned, if any. */
  readonly param?: string;
  /** What is wrong, in one sentence that names the block. */
  readonly message: Message;
  /** What to do about it. */
  readonly hint: Message;
  readonly fix?: QuickFix;
}

/** True when nothing in the list forbids training. */
export function isTrainable(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.every((diagnostic) => diagnostic.severity !== 'error');
}
