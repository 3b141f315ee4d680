import { getCurrentInstance } from 'vue';

/**
 * The attribute through which the scoped styles of the component's owner apply. Vue sets it on a root element by
 * itself, but not through the fragments that a primitive of Reka UI renders: a wrapper binds it to its element.
 */
export function useScopeAttrs(): Readonly<Record<string, ''>> {
  const scopeId = getCurrentInstance()?.vnode.scopeId;
  return scopeId ? { [scopeId]: '' } : {};
}
