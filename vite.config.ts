import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { InlineConfig, Plugin } from 'vite'
import { defineConfig } from 'vite'
import { type ManifestOptions, VitePWA } from 'vite-plugin-pwa'
import { slimReact } from './scripts/slim-react.ts'

export const appNames = ['rider', 'ops', 'crew'] as const
export type AppName = (typeof appNames)[number]

const folders = { rider: 'rider-app', ops: 'ops-dashboard', crew: 'crew-app' } as const satisfies Record<
  AppName,
  string
>
const bases = { rider: '/', ops: '/ops/', crew: '/crew/' } as const satisfies Record<AppName, string>

const inRepository = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const plugins = {
  rider: () => [slimReact, fontsEarly, riderWorker()],
  ops: () => [],
  crew: () => [crewWorker()],
} as const

/** How one of the web apps is built: from its own folder to `dist/<app>`, to be served at its base path. */
export function appConfig(app: AppName): InlineConfig {
  return {
    root: inRepository(`./${folders[app]}`),
    base: bases[app],
    plugins: [react(), ...plugins[app]()],
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

/** The two weights that the first screen is written in are asked for before its styles are read. */
const fontsEarly: Plugin = {
  name: 'fonts-early',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => /noto-sans-latin-(400|800)-normal-/.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${file}` },
          injectTo: 'head',
        })),
  },
}

/** A service worker of our own; the plugin writes the list of the built files into it. */
const worker = (notKept: readonly string[], manifest: Partial<ManifestOptions> | false) =>
  VitePWA({
    strategies: 'injectManifest',
    srcDir: 'offline',
    filename: 'service-worker.ts',
    injectRegister: false,
    injectManifest: {
      globPatterns: ['**/*.{js,css,html,svg,wasm,woff2}'],
      // mapbox-gl is never kept: its tiles may not be stored
      globIgnores: ['**/start-mapbox-*', ...notKept],
      maximumFileSizeToCacheInBytes: 4_000_000,
      buildPlugins: { vite: [{ name: 'quiet', config: () => ({ logLevel: 'error' as const }) }] },
    },
    manifest,
  })

/** The scanner's program is kept when it was used: it is as large as the rest, and without a network opens no bike. */
const riderWorker = () => worker(['**/{decode-worker,zxing_reader}-*'], false)

const crewWorker = () =>
  worker([], {
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
  })

/** `vite --mode ops`, `vite --mode crew` and `vite --mode rider` serve one app for work on it. */
export default defineConfig(({ mode }) => appConfig(appNames.find((app) => app === mode) ?? 'rider'))
