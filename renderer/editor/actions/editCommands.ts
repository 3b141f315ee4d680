import type { RewriteName } from '#core/rewrites/rewrites.ts';
import { NODE_DEFINITIONS } from '#core/nodes/registry.ts';
import { useCanvasStore } from '../state/canvasStore.ts';
import type { AppCommand } from '../../app/commandStore.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useSelectionStore } from '../state/selectionStore.ts';
import { translate } from '../../messages/i18n.ts';
import { nodeTexts } from '../../messages/nodeTexts.ts';
import { useEditActions } from './editActions.ts';
import type { useClipboard } from './useClipboard.ts';

const NUDGE = 4;
const NUDGE_FAR = 20;

const DIRECTIONS = [
  ['left', 'ArrowLeft', -1, 0],
  ['right', 'ArrowRight', 1, 0],
  ['up', 'ArrowUp', 0, -1],
  ['down', 'ArrowDown', 0, 1],
] as const;

const REWRITES: readonly (readonly [RewriteName, string])[] = [
  ['addBatchNormAfterConvs', 'addBatchNorm'],
  ['stripBatchNorm', 'stripBatchNorm'],
  ['batchNormToLayerNorm', 'toLayerNorm'],
  ['batchNormToGroupNorm', 'toGroupNorm'],
  ['batchNormToInstanceNorm', 'toInstanceNorm'],
  ['swapBatchNormAndActivation', 'swapBatchNorm'],
  ['dropBiasBeforeBatchNorm', 'dropBias'],
];

const title = (key: string) => (): string => translate(`editor.commands.${key}`);

/** Commands on the active document: they need an open project. */
export function editCommands(clipboard: ReturnType<typeof useClipboard>): readonly AppCommand[] {
  const project = useProjectStore();
  const selection = useSelectionStore();
  const actions = useEditActions();
  const hasProject = (): boolean => project.active !== null;
  const hasBlocks = (): boolean => hasProject() && selection.nodes.size > 0;
  const hasSelection = (): boolean => hasProject() && !selection.isEmpty;

  const clip = (['cut', 'copy', 'paste'] as const).map((name): AppCommand => ({
    id: `edit.${name}`,
    group: 'edit',
    keys: [{ cut: 'Ctrl+X', copy: 'Ctrl+C', paste: 'Ctrl+V' }[name]],
    isNative: true,
    title: title(name),
    isEnabled: name === 'paste' ? hasProject : hasBlocks,
    run: clipboard[name],
  }));
  const edit = (
    name: string,
    keys: readonly string[],
    isEnabled: () => boolean,
    run: () => void,
  ): AppCommand => ({ id: `edit.${name}`, group: 'edit', keys, title: title(name), isEnabled, run });
  const rename = (): void => {
    if (selection.single) selection.reveal(selection.single, 'label');
  };
  const blocks = [
    edit('undo', ['Ctrl+Z'], () => project.canUndo, project.undo),
    edit('redo', ['Ctrl+Shift+Z', 'Ctrl+Y'], () => project.canRedo, project.redo),
    edit('duplicate', ['Ctrl+D'], hasBlocks, actions.duplicate),
    edit('delete', ['Delete', 'Backspace'], hasSelection, actions.removeSelection),
    edit('selectAll', ['Ctrl+A'], hasProject, actions.selectAll),
    edit('deselect', ['Escape'], hasSelection, selection.clear),
    edit('rename', ['F2'], () => selection.single !== null, rename),
  ];
  return [...blocks, ...clip, ...nudges(hasBlocks, actions.nudge)];
}

function nudges(isEnabled: () => boolean, nudge: (dx: number, dy: number) => void): AppCommand[] {
  return DIRECTIONS.flatMap(([name, key, dx, dy]) => {
    const common = { group: 'edit', scope: 'canvas', isEnabled } as const;
    return [
      {
        ...common,
        id: `edit.nudge.${name}`,
        keys: [key],
        title: title(`nudge.${name}`),
        run: () => nudge(dx * NUDGE, dy * NUDGE),
      },
      {
        ...common,
        id: `edit.nudgeFar.${name}`,
        keys: [`Shift+${key}`],
        title: title(`nudgeFar.${name}`),
        run: () => nudge(dx * NUDGE_FAR, dy * NUDGE_FAR),
      },
    ];
  });
}

/** One command for each kind of block, and the search palette. */
export function insertCommands(): readonly AppCommand[] {
  const project = useProjectStore();
  const canvas = useCanvasStore();
  const actions = useEditActions();
  const isEnabled = (): boolean => project.active !== null && canvas.api !== null;
  const search: AppCommand = {
    id: 'insert.search',
    group: 'insert',
    keys: ['Space'],
    scope: 'canvas',
    title: title('addSearch'),
    isEnabled,
    run: canvas.openSearch,
  };
  const kinds = NODE_DEFINITIONS.map((definition): AppCommand => ({
    id: `insert.${definition.kind}`,
    group: 'insert',
    ...(definition.shortcut ? { keys: [definition.shortcut.toUpperCase()] } : {}),
    title: () => translate('editor.commands.addBlock', { block: nodeTexts.title(definition) }),
    isEnabled,
    run: () => actions.add(definition.kind),
  }));
  return [search, ...kinds];
}

/** Rewrites of the whole network, and automatic arrangement. */
export function networkCommands(): readonly AppCommand[] {
  const project = useProjectStore();
  const actions = useEditActions();
  const hasBlocks = (): boolean => Object.keys(project.document.graph.nodes).length > 0;
  const rewrites = REWRITES.map(([rewrite, key]): AppCommand => ({
    id: `network.${rewrite}`,
    group: 'network',
    title: title(key),
    isEnabled: hasBlocks,
    run: () => actions.rewrite(rewrite),
  }));
  return [
    ...rewrites,
    {
      id: 'network.autoLayout',
      group: 'network',
      keys: ['Ctrl+L'],
      title: title('autoLayout'),
      isEnabled: hasBlocks,
      run: actions.arrange,
    },
  ];
}
