import vue from '@vitejs/plugin-vue';
import Icons from 'unplugin-icons/vite';
import { defineConfig } from 'vitest/config';
import { findChromium } from './server/bootstrap/programs.mjs';

// A fresh machine has two cores. System tests wait for processes a third of their time, so three files share them; more
// of these, or of tests in a browser, make time limits fail and not guarantees.
const filesAtOnceMax = 2;
const systemFilesAtOnceMax = 3;

export default defineConfig({
  test: {
    // Browser tests without a browser skip themselves and say so: they look for this variable.
    env: { CHROMIUM_PATH: process.env['CHROMIUM_PATH'] ?? findChromium() ?? '' },
    maxWorkers: filesAtOnceMax,
    projects: [
      {
        extends: true,
        test: { name: 'architecture', include: ['tests/architecture.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: {
          name: 'domain',
          include: ['tests/domain/**/*.test.ts', 'tests/simulation/**/*.test.ts'],
          environment: 'node',
          // Rules have no state of their own to keep apart: loading them once per worker saves a minute.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        plugins: [vue(), Icons({ compiler: 'vue3' })],
        test: { name: 'client', include: ['tests/client/**/*.test.ts'], environment: 'happy-dom', testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'system',
          maxWorkers: systemFilesAtOnceMax,
          include: ['tests/system/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          teardownTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          teardownTimeout: 20_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
