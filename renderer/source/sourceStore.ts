import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { z } from 'zod';
import {
  networkSource,
  sourceNetwork,
  SOURCE_FORMATS,
  type SourceFormat,
} from '#core/export/networkSource.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { remembered } from '../app/remembered.ts';
import { useProjectStore } from '../project/projectStore.ts';

/** Time without an edit after which the source follows: typing a number writes it once. */
const SETTLE_MS = 120;

/** A network whose source can be written. */
interface Written {
  readonly name: string;
  readonly network: ShapedGraph;
}

const schema = z.object({ format: z.enum(SOURCE_FORMATS).catch('pytorch').default('pytorch') });

/**
 * The source code of the active project's network. It follows the edits; while the network has errors it is that of the
 * last valid state.
 */
export const useSourceStore = defineStore('source', () => {
  const project = useProjectStore();
  const kept = remembered('normlab.source', schema);
  /** By project: the last state without errors. */
  const valid = shallowRef<ReadonlyMap<string, Written>>(new Map());
  /** The project whose present network has errors. */
  const broken = shallowRef<string | null>(null);

  /** Takes over the present network; edits do so by themselves once they settle. */
  function settle(): void {
    const { active, document, report, tabs } = project;
    if (active === null) return;
    const network = sourceNetwork(report, document.graph);
    broken.value = network === null ? active.key : null;
    const former = valid.value.get(active.key);
    if (network === null || (former?.network === network && former.name === document.name)) return;
    const open = new Set(tabs.map(({ key }) => key));
    const others = [...valid.value].filter(([key]) => open.has(key));
    valid.value = new Map([...others, [active.key, { name: document.name, network }]]);
  }

  watch([() => project.report, () => project.document.name], (_next, _former, onCleanup) => {
    const timer = setTimeout(settle, SETTLE_MS);
    onCleanup(() => clearTimeout(timer));
  });
  // Another project is shown at once.
  watch(() => project.activeKey, settle, { immediate: true });

  const format = computed({
    get: () => kept.value.format,
    set: (next: SourceFormat) => {
      kept.value = { ...kept.value, format: next };
    },
  });
  const written = computed(() => valid.value.get(project.activeKey ?? ''));
  /** Null before the network of the project was ever valid. */
  const source = computed(() =>
    written.value === undefined
      ? null
      : networkSource(written.value.name, written.value.network, format.value),
  );
  /** The network has errors, so that `source` is not its own. */
  const isStale = computed(() => broken.value !== null && broken.value === project.activeKey);

  return { format, source, isStale, settle };
});
