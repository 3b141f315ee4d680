import './ui/zodConfig.ts';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { restoreSession } from './shell/useSession.ts';
import { i18n } from './ui/i18n.ts';
import '@vue-flow/core/dist/style.css';
import '@vue-flow/minimap/dist/style.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/input.css';
import './ui/overlay.css';
import './inspector/inspector.css';
import './editor/flow.css';

const app = createApp(App).use(createPinia()).use(i18n);
await restoreSession();
app.mount('#app');
