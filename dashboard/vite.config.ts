import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

const { SUNLEDGER_API: api = "http://127.0.0.1:8080" } = loadEnv("", ".", "SUNLEDGER_");

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    // The policy of the server forbids data: scripts and fonts; small files stay files.
    assetsInlineLimit: 0,
    manifest: true,
  },
  server: {
    proxy: { "/api": api, "/socket.io": { target: api, ws: true } },
  },
});
