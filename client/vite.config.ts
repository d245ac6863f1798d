/** Builds the client into client/dist, with one hash for the whole build that browser and server can compare. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import vue from '@vitejs/plugin-vue';
import icons from 'unplugin-icons/vite';
import { defineConfig, type Plugin } from 'vite';

const BUILD_HASH_CHARACTERS = 16;

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [vue(), tailwindcss(), icons({ compiler: 'vue3' }), buildHash(), compressed()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The policy allows no `data:` fonts and no inline scripts, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      // The origin stays as the browser has it: the server refuses what another site asks.
      '/v1': { target: 'http://localhost:7070', changeOrigin: false },
      // The socket alone: `/live/…` are modules of ours.
      '^/live/(\\?.*)?$': { target: 'http://localhost:7070', changeOrigin: false, ws: true },
    },
  },
});

/** Writes the hash of all emitted file names (which carry content hashes) into index.html and build.json. */
function buildHash(): Plugin {
  return {
    name: 'tideline-build-hash',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const names = Object.keys(bundle).sort().join('\n');
      const build = createHash('sha256').update(names).digest('hex').slice(0, BUILD_HASH_CHARACTERS);
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error('index.html is not part of the build');
      page.source = String(page.source).replace('content="development"', `content="${build}"`);
      this.emitFile({ type: 'asset', fileName: 'build.json', source: `${JSON.stringify({ build })}\n` });
    },
  };
}

/** Puts a compressed twin beside every text file: once, and as small as it gets. After all others have had their say. */
function compressed(): Plugin {
  return {
    name: 'tideline-compressed',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((one) => /\.(js|css|svg)$/.test(one))) {
        const path = join(dir ?? '', name);
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
      }
    },
  };
}
