import type { Component } from 'vue';
import type { DockTab } from '../app/layoutStore.ts';
import ComparePanel from '../compare/ComparePanel.vue';
import DataPanel from '../data/DataPanel.vue';
import EvaluatePanel from '../evaluation/EvaluatePanel.vue';
import ExportPanel from '../export/ExportPanel.vue';
import ProblemsPanel from '../problems/ProblemsPanel.vue';
import { problemBadge } from '../problems/problemBadge.ts';
import StatisticsPanel from '../statistics/StatisticsPanel.vue';
import TrainPanel from '../training/TrainPanel.vue';
import type { Tab } from '../ui/tab.ts';

/** A panel of the dock. */
interface DockPanel {
  /** Its name. The title is the message `shell.dockTabs.<tab>`, the command that shows it `view.dock.<tab>`. */
  readonly tab: DockTab;
  readonly component: Component;
  /** The count after the title; reactive. */
  badge?(): Pick<Tab<DockTab>, 'badge' | 'badgeKind'>;
}

/**
 * The panels in the order of their tabs. Alt+1 shows the first. Tabs, commands and keys are derived from this table.
 */
export const DOCK_PANELS: readonly DockPanel[] = [
  { tab: 'data', component: DataPanel },
  { tab: 'train', component: TrainPanel },
  { tab: 'batchNorm', component: StatisticsPanel },
  { tab: 'evaluate', component: EvaluatePanel },
  { tab: 'export', component: ExportPanel },
  { tab: 'compare', component: ComparePanel },
  { tab: 'problems', component: ProblemsPanel, badge: problemBadge },
];
