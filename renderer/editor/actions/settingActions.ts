import type { QuickFix } from '#core/diagnostics/diagnostic.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { ParamValue } from '#core/document/schema.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import type { Command } from '#core/edit/command.ts';
import type { BatchNormPresetName } from '#core/nodes/batchNormPresets.ts';
import type { RunPolicy } from '#core/nodes/batchNormPolicies.ts';
import type { Rates, WhatTrains } from '#core/rewrites/whatTrains.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import type { RunCommands } from './useRunCommands.ts';

/** Changes parameters of blocks, names, and settings of the project. */
export function settingActions({ run }: RunCommands) {
  const project = useProjectStore();

  return {
    setParam(nodes: readonly NodeId[], param: string, value: ParamValue): void {
      run(
        'setParam',
        nodes.map((node): Command => ({ type: 'setParam', node, param, value })),
      );
    },
    setPreset(nodes: readonly NodeId[], preset: BatchNormPresetName): void {
      run('setBatchNormPreset', [{ type: 'setBatchNormPreset', nodes: [...nodes], preset }]);
    },
    rename(node: NodeId, label: string): void {
      run('setLabel', [{ type: 'setLabel', node, label }]);
    },
    /** An empty name is refused, and the field restores the old one. */
    renameProject(name: string): void {
      project.apply({ type: 'rename', name });
    },
    setTraining(values: Partial<TrainingSettings>): void {
      run('setTraining', [{ type: 'setTraining', values }]);
    },
    /** Sets what trains, with the learning rate factors of head, trunk and stages. */
    setWhatTrains(what: WhatTrains, rates: Rates = {}): void {
      run('setWhatTrains', [{ type: 'setWhatTrains', what, ...rates }]);
    },
    setBatchNormPolicy(policy: RunPolicy): void {
      run('setBatchNormPolicy', [{ type: 'setBatchNormPolicy', policy }]);
    },
    setFrozen(nodes: readonly NodeId[], frozen: boolean): void {
      run('setFrozen', [{ type: 'setFrozen', nodes: [...nodes], frozen }]);
    },
    removeStart(): void {
      run('setStart', [{ type: 'setStart', start: null }]);
    },
    applyFix({ nodeId, param, value }: QuickFix): void {
      run('setParam', [{ type: 'setParam', node: nodeId, param, value }]);
    },
  };
}
