import type { RunPlan } from '../../runs/workflow.ts';

type Translate = (key: string, values: Record<string, string | number>) => string;

/** What went beyond what can be computed with; each has a sentence of its own. */
const KINDS = ['loss', 'gradient', 'batch', 'picture'];

/** The error of a diverged run in the language of the screen; null for any other error. */
export function divergedText({ code, values }: RunPlan['problems'][number], t: Translate): string | null {
  const what = String(values?.what);
  if (code !== 'diverged' || values === undefined || !KINDS.includes(what)) return null;
  const kept = values.keptStep === undefined ? 'none' : 'kept';
  const parts = [what, kept, ...(values.bestEpoch === undefined ? [] : ['best'])];
  return parts.map((part) => t(`training.diverged.${part}`, { ...values })).join(' ');
}
