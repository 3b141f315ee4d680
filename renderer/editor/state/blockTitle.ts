import { nodeTexts } from '../../messages/nodeTexts.ts';
import type { BlockView } from './blockView.ts';

/** The displayed name of a block: its label, else its kind's title in the current language. */
export function blockTitle(view: Pick<BlockView, 'label' | 'definition' | 'kind'>): string {
  return view.label ?? (view.definition ? nodeTexts.title(view.definition) : view.kind);
}
