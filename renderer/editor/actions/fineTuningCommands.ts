import { RUN_POLICIES } from '#core/nodes/batchNormPolicies.ts';
import { trunkNorms } from '#core/rewrites/batchNormPolicy.ts';
import { canFreeze, WHAT_TRAINS } from '#core/rewrites/whatTrains.ts';
import type { AppCommand } from '../../app/commandStore.ts';
import { translate } from '../../messages/i18n.ts';
import { useProjectStore } from '../../project/projectStore.ts';
import { useSelectionStore } from '../state/selectionStore.ts';
import { useEditActions } from './editActions.ts';

/** What trains, and what stays frozen. */
export function fineTuningCommands(): readonly AppCommand[] {
  const project = useProjectStore();
  const selection = useSelectionStore();
  const actions = useEditActions();
  const network = (
    id: string,
    title: () => string,
    isEnabled: () => boolean,
    run: () => void,
  ): AppCommand => ({ id: `network.${id}`, group: 'network', title, isEnabled, run });
  const hasFreezable = (): boolean =>
    [...selection.nodes].some((node) => canFreeze(project.document.graph, node));
  const freeze = (['freeze', 'unfreeze'] as const).map((name) =>
    network(
      name,
      () => translate(`models.commands.${name}`),
      hasFreezable,
      () => actions.setFrozen([...selection.nodes], name === 'freeze'),
    ),
  );
  const trains = WHAT_TRAINS.map((what) =>
    network(
      `trains.${what}`,
      () => translate(`models.commands.${what}`),
      () => project.active !== null,
      () => actions.setWhatTrains(what),
    ),
  );
  const norms = RUN_POLICIES.map((policy) =>
    network(
      `norms.${policy}`,
      () => translate(`models.commands.norms.${policy}`),
      () => trunkNorms(project.document.graph).length > 0,
      () => actions.setBatchNormPolicy(policy),
    ),
  );
  return [...freeze, ...trains, ...norms];
}
