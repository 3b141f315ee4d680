import { useProjectStore } from '../project/projectStore.ts';

/** Number of problems of the network, and whether one of them is an error. */
export function problemBadge(): { readonly badge: number; readonly badgeKind: 'bad' | 'warn' } {
  const { diagnostics } = useProjectStore().report;
  const hasError = diagnostics.some(({ severity }) => severity === 'error');
  return { badge: diagnostics.length, badgeKind: hasError ? 'bad' : 'warn' };
}
