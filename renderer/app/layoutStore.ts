import { defineStore } from 'pinia';
import { computed, type WritableComputedRef } from 'vue';
import { z } from 'zod';
import { english, type Messages } from '../messages/en/english.ts';
import { remembered } from './remembered.ts';

/** The name of a dock tab: the key of its title in the messages of each language. */
export type DockTab = keyof Messages['shell']['dockTabs'];

/** Limits of the panels, in CSS pixels. */
export const PANEL_LIMITS = {
  palette: { min: 160, max: 360, initial: 208 },
  inspector: { min: 240, max: 480, initial: 296 },
  dock: { min: 120, max: 900, initial: 300 },
  source: { min: 280, max: 1200, initial: 440 },
} as const;
export type Panel = keyof typeof PANEL_LIMITS;

const panelSchema = (panel: Panel) =>
  z
    .number()
    .min(PANEL_LIMITS[panel].min)
    .max(PANEL_LIMITS[panel].max)
    .catch(PANEL_LIMITS[panel].initial)
    .default(PANEL_LIMITS[panel].initial);
const dockTabSchema = z.custom<DockTab>(
  (value) => typeof value === 'string' && Object.hasOwn(english.shell.dockTabs, value),
);
const flag = z.boolean().catch(false).default(false);

const schema = z.object({
  sizes: z
    .object({
      palette: panelSchema('palette'),
      inspector: panelSchema('inspector'),
      dock: panelSchema('dock'),
      source: panelSchema('source'),
    })
    .prefault({}),
  closed: z
    .object({
      palette: flag,
      inspector: flag,
      dock: flag,
      source: z.boolean().catch(true).default(true),
    })
    .prefault({}),
  isDockFull: flag,
  dockTab: dockTabSchema.catch('data').default('data'),
});

/** Sizes of the panels, which of them are closed, and the dock's tab: kept between starts. */
export const useLayoutStore = defineStore('layout', () => {
  const kept = remembered('normlab.layout', schema);
  const sizes = computed(() => kept.value.sizes);
  const closed = computed(() => kept.value.closed);

  /** Sets a panel's size in pixels, within its limits. */
  function resize(panel: Panel, sizePx: number): void {
    const { min, max } = PANEL_LIMITS[panel];
    const size = Math.round(Math.min(max, Math.max(min, sizePx)));
    kept.value = { ...kept.value, sizes: { ...kept.value.sizes, [panel]: size } };
  }

  function toggle(panel: Panel, isClosed: boolean = !kept.value.closed[panel]): void {
    kept.value = { ...kept.value, closed: { ...kept.value.closed, [panel]: isClosed } };
  }

  const isDockFull: WritableComputedRef<boolean> = computed({
    get: () => kept.value.isDockFull,
    set: (next) => {
      kept.value = { ...kept.value, isDockFull: next };
    },
  });
  const dockTab: WritableComputedRef<DockTab> = computed({
    get: () => kept.value.dockTab,
    set: (next) => {
      kept.value = { ...kept.value, dockTab: next };
    },
  });

  /** Shows a tab of the dock, opening the dock if it is closed. */
  function showDock(tab: DockTab): void {
    dockTab.value = tab;
    toggle('dock', false);
  }

  return { sizes, closed, isDockFull, dockTab, resize, toggle, showDock };
});
