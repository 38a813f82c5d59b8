import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Nothing inline: the Content-Security-Policy allows files of our own alone. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // From here on browsers know light-dark().
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/ws': { target: 'ws://127.0.0.1:8000', ws: true } } },
});
