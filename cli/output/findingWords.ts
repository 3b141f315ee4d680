import type { NormPreview } from '#core/contract/normPreview.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { print } from './output.ts';

/** Prints what was found in the weights before an export, errors first; nothing where nothing was found. */
export function printFindings(findings: NormPreview['findings']): void {
  if (findings.length === 0) return;
  print('in the weights:');
  for (const { severity, message, hint } of findings) {
    const advice = hint === null ? '' : ` ${inEnglish(hint)}`;
    print(`  ${severity}: ${inEnglish(message)}${advice}`);
  }
}
