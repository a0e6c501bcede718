import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'
import { defineConfig } from 'vite'

export const appNames = ['rider', 'ops'] as const
export type AppName = (typeof appNames)[number]

const folders = { rider: 'rider-app', ops: 'ops-dashboard' } as const satisfies Record<AppName, string>
const bases = { rider: '/', ops: '/ops/' } as const satisfies Record<AppName, string>

const inRepository = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** How one of the web apps is built: from its own folder to `dist/<app>`, to be served at its base path. */
export function appConfig(app: AppName): InlineConfig {
  return {
    root: inRepository(`./${folders[app]}`),
    base: bases[app],
    plugins: [react()],
    cacheDir: inRepository('./.cache/vite'),
    worker: { format: 'es' },
    build: {
      outDir: inRepository(`./dist/${app}`),
      emptyOutDir: true,
      // data: URLs of fonts and scripts are against the content security policy
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2_000,
      reportCompressedSize: false,
    },
  }
}

/** `vite --mode ops` and `vite --mode rider` serve one app for work on it. */
export default defineConfig(({ mode }) => appConfig(mode === 'ops' ? 'ops' : 'rider'))
