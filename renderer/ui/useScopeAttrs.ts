import { getCurrentInstance } from 'vue';

/**
 * The attribute that lets the scoped styles of the component's owner reach it. Vue sets it on a root element by
 * itself, but not through the fragments that a primitive of Reka UI renders: a wrapper binds it to its element.
 */
export function useScopeAttrs(): Readonly<Record<string, ''>> {
  const scopeId = getCurrentInstance()?.vnode.scopeId;
  return scopeId ? { [scopeId]: '' } : {};
}
