import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

const { SUNLEDGER_API: api = "http://127.0.0.1:8080" } = loadEnv("", ".", "SUNLEDGER_");

export default defineConfig({
  plugins: [react()],
  build: {
    // Beside the builds of running houses, which lie in `dist` too.
    outDir: "dist/by-hand",
    emptyOutDir: true,
    target: "es2023",
    // The policy of the server forbids data: scripts and fonts; small files stay files.
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // In one file they are smaller by a tenth than in the dozen that sharing would make of them.
          groups: [
            {
              // What the page begins with, before the first shape is made: see `main.tsx`.
              name: "beginning",
              test: /vite[\\/]preload-helper|node_modules[\\/]zod[\\/]v4[\\/]core[\\/](core|util)\.js/,
              priority: 2,
            },
            {
              name: "frame",
              test: /dashboard[\\/]src[\\/](kit|live|app)[\\/]/,
              minShareCount: 4,
            },
            {
              name: "components",
              test: /node_modules[\\/](@mantine|@floating-ui)/,
              minShareCount: 3,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: { "/api": api, "/socket.io": { target: api, ws: true } },
  },
});
