import { useCanvasStore } from '../state/canvasStore.ts';
import type { AppCommand } from '../../app/commandStore.ts';
import { useSelectionStore } from '../state/selectionStore.ts';
import { translate } from '../../messages/i18n.ts';

/** Zoom and fit of the canvas. */
export function canvasCommands(): readonly AppCommand[] {
  const canvas = useCanvasStore();
  const selection = useSelectionStore();
  const isShown = (): boolean => canvas.api !== null;
  const view = (name: string, keys: readonly string[], run: () => void): AppCommand => ({
    id: `view.${name}`,
    group: 'view',
    keys,
    title: () => translate(`editor.commands.${name}`),
    isEnabled: isShown,
    run,
  });
  return [
    view('zoomIn', ['Plus', 'Ctrl+Plus', 'Ctrl+='], () => canvas.api?.zoomIn()),
    view('zoomOut', ['-', 'Ctrl+-'], () => canvas.api?.zoomOut()),
    view('zoomReset', ['Ctrl+0'], () => canvas.api?.zoomReset()),
    view('fitAll', ['F'], () => canvas.api?.fit()),
    {
      ...view('fitSelection', ['.'], () => canvas.api?.fit([...selection.nodes])),
      isEnabled: () => isShown() && selection.nodes.size > 0,
    },
  ];
}
