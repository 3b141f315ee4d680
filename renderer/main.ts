import './app/zodConfig.ts';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { restoreSession } from './project/useSession.ts';
import { i18n } from './messages/i18n.ts';
import '@vue-flow/core/dist/style.css';
import '@vue-flow/minimap/dist/style.css';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './ui/styles/input.css';
import './ui/overlay.css';
import './inspector/inspector.css';
import './editor/canvas/flow.css';

const app = createApp(App).use(createPinia()).use(i18n);
await restoreSession();
app.mount('#app');
