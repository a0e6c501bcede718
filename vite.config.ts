import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { reactWithoutHydration } from './scripts/react-without-hydration.ts'

export const appNames = ['rider', 'ops', 'crew'] as const
export type AppName = (typeof appNames)[number]

const folders = { rider: 'rider-app', ops: 'ops-dashboard', crew: 'crew-app' } as const satisfies Record<
  AppName,
  string
>
const bases = { rider: '/', ops: '/ops/', crew: '/crew/' } as const satisfies Record<AppName, string>

const inRepository = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** How one of the web apps is built: from its own folder to `dist/<app>`, to be served at its base path. */
export function appConfig(app: AppName): InlineConfig {
  return {
    root: inRepository(`./${folders[app]}`),
    base: bases[app],
    plugins: app === 'crew' ? [react(), crewWorker()] : [react(), ...(app === 'rider' ? [reactWithoutHydration] : [])],
    cacheDir: inRepository('./.cache/vite'),
    worker: { format: 'es' },
    // wouter brings one for old Reacts
    resolve: { alias: { 'use-sync-external-store/shim/index.js': 'react' } },
    build: {
      outDir: inRepository(`./dist/${app}`),
      emptyOutDir: true,
      // data: URLs of fonts and scripts are against the content security policy
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 2_000,
      reportCompressedSize: false,
      // where a browser cannot preload modules it starts a little later, and all others start sooner
      modulePreload: { polyfill: false },
      ...(app === 'rider' ? { rolldownOptions: { output: { codeSplitting: { groups: [firstLoad()] } } } } : {}),
    },
  }
}

interface Modules {
  readonly getModuleInfo: (id: string) => { readonly importedIds: readonly string[] } | null
}

/**
 * All that the rider's first page needs in one file: packed, eight small ones take 1.6 kB more. What is first is
 * followed from the entry, so that nobody keeps a list.
 */
function firstLoad() {
  const entry = inRepository('./rider-app/main.tsx')
  const first = new Set<string>()
  const follow = (id: string, modules: Modules): void => {
    if (first.has(id)) return
    first.add(id)
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) follow(imported, modules)
  }
  return {
    name: (id: string, modules: Modules) => {
      if (first.size === 0) follow(entry, modules)
      return id !== entry && first.has(id) ? 'first' : null
    },
  }
}

/** The crew's service worker is our own; the plugin writes the list of the built files into it. */
const crewWorker = () =>
  VitePWA({
    strategies: 'injectManifest',
    srcDir: 'offline',
    filename: 'service-worker.ts',
    injectRegister: false,
    injectManifest: {
      globPatterns: ['**/*.{js,css,html,svg,wasm,woff2}'],
      // mapbox-gl is never used by the crew (its tiles may not be stored), nor are the other apps' texts
      globIgnores: ['**/{start-mapbox,rider,ops}-*'],
      maximumFileSizeToCacheInBytes: 4_000_000,
      buildPlugins: { vite: [{ name: 'quiet', config: () => ({ logLevel: 'error' as const }) }] },
    },
    manifest: {
      id: '/crew/',
      name: 'Zwerm night crew',
      short_name: 'Zwerm crew',
      start_url: '/crew/',
      scope: '/crew/',
      display: 'standalone',
      orientation: 'portrait',
      background_color: '#0b100f',
      theme_color: '#0b100f',
      icons: [{ src: '/crew/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
    },
  })

/** `vite --mode ops`, `vite --mode crew` and `vite --mode rider` serve one app for work on it. */
export default defineConfig(({ mode }) => appConfig(appNames.find((app) => app === mode) ?? 'rider'))
