import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import './appearance/base.css';
import { createLive } from './live/live.ts';
import { createPages } from './router.ts';

createApp(App).use(createPinia()).use(createLive()).use(createPages()).mount('#app');
