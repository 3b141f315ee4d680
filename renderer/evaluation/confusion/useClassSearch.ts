import { computed, ref, watch } from 'vue';
import { rankByText } from '../../text/matchText.ts';

/** Finds a class by its name: the best match first, and the following ones. */
export function useClassSearch(names: () => readonly string[]) {
  const text = ref('');
  const at = ref(0);
  const found = computed(() =>
    text.value.trim() === '' ? [] : rankByText([...names().keys()], text.value, (k) => [names()[k] ?? '']),
  );
  watch([text, found], () => (at.value = 0));
  return {
    text,
    at,
    found,
    /** The class that is found; null for none. */
    current: computed(() => found.value[at.value] ?? null),
    next: () => {
      if (found.value.length > 0) at.value = (at.value + 1) % found.value.length;
    },
  };
}
