import { defineStore } from 'pinia';
import { computed, watch } from 'vue';
import { z } from 'zod';
import { LANGUAGES, type Language } from '../messages/index.ts';
import { firstLanguage, i18n } from '../messages/i18n.ts';
import { remembered } from './remembered.ts';

export const THEMES = ['system', 'dark', 'light'] as const;
type Theme = (typeof THEMES)[number];

const schema = z.object({
  theme: z.enum(THEMES).catch('system').default('system'),
  language: z.string().nullable().catch(null).default(null),
  /** Train starts without showing the plan first. */
  skipsPlan: z.boolean().catch(false).default(false),
  /** The system notifies of the end of a run while the window is hidden, if permitted. */
  announces: z.boolean().catch(true).default(true),
});

/** Theme, language and preferences, kept between starts; theme and language are applied to the page. */
export const usePreferencesStore = defineStore('preferences', () => {
  const kept = remembered('normlab.preferences', schema);
  const systemDark = matchMedia('(prefers-color-scheme: dark)');

  function applyTheme(): void {
    const { theme } = kept.value;
    document.documentElement.dataset['theme'] =
      theme === 'system' ? (systemDark.matches ? 'dark' : 'light') : theme;
  }

  function applyLanguage(): void {
    i18n.global.locale.value = firstLanguage(kept.value.language, navigator.languages);
    document.documentElement.lang = i18n.global.locale.value;
  }

  systemDark.addEventListener('change', applyTheme);
  watch(kept, applyTheme, { immediate: true });
  watch(kept, applyLanguage, { immediate: true });

  const theme = computed({
    get: () => kept.value.theme,
    set: (next: Theme) => {
      kept.value = { ...kept.value, theme: next };
    },
  });
  const language = computed({
    get: (): Language => i18n.global.locale.value,
    set: (next: Language) => {
      kept.value = { ...kept.value, language: next };
    },
  });
  const skipsPlan = computed({
    get: () => kept.value.skipsPlan,
    set: (next: boolean) => {
      kept.value = { ...kept.value, skipsPlan: next };
    },
  });
  const announces = computed({
    get: () => kept.value.announces,
    set: (next: boolean) => {
      kept.value = { ...kept.value, announces: next };
    },
  });
  return { theme, language, languages: LANGUAGES, skipsPlan, announces };
});
