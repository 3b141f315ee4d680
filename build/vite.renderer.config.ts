import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const rendererFolder = fileURLToPath(new URL('../renderer', import.meta.url));

/**
 * The screen: built into renderer/dist with relative addresses, so that Electron and `normlab serve` can both load it.
 */
export default defineConfig({
  root: rendererFolder,
  base: './',
  plugins: [vue()],
  define: {
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome138', 'safari18'],
    // The page's content policy forbids data: URLs for scripts and fonts; small images may be inlined.
    assetsInlineLimit: 2048,
    chunkSizeWarningLimit: 1500,
  },
});
