import { defineStore } from 'pinia';
import { ref } from 'vue';

/** What is open over the workspace: one flag for each overlay that can be opened from several places. */
export const useUiStore = defineStore('ui', () => {
  const isCommandPaletteOpen = ref(false);
  /** The welcome page over open projects; without any project it is always shown. */
  const isWelcomeOpen = ref(false);
  /** Key of the project tab whose closing waits for an answer (save, discard, cancel); null when there is none. */
  const closingTab = ref<string | null>(null);
  /** Key of the project tab that was not saved because its file was changed elsewhere; null when there is none. */
  const changedTab = ref<string | null>(null);
  return { isCommandPaletteOpen, isWelcomeOpen, closingTab, changedTab };
});
