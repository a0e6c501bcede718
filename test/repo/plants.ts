/** A file that imports one thing, and whether the wall must stop it. */
export interface Plant {
  readonly path: string
  readonly imports: string
  readonly breach: boolean
}

const breach = (path: string, ...imports: readonly string[]): readonly Plant[] =>
  imports.map((from) => ({ path, imports: from, breach: true }))
const legal = (path: string, ...imports: readonly string[]): readonly Plant[] =>
  imports.map((from) => ({ path, imports: from, breach: false }))

const contracts = [
  ...breach('contracts/a.ts', 'pino', 'node:fs', '../server/app.ts', '../ui-kit/a.ts'),
  ...breach('contracts/mqtt/a.ts', '../../demo-city/a.ts', '../../lock-simulator/a.ts'),
  ...legal('contracts/a.ts', 'typebox', 'typebox/value', './mqtt/topics.ts'),
  ...legal('contracts/mqtt/a.ts', '../ids.ts', '../http/trips.ts'),
  ...legal('contracts/a.test.ts', 'vitest', 'fast-check', 'node:fs'),
  ...breach('contracts/a.test.ts', '../server/app.ts'),
]

const core = [
  ...breach('server/trips/core/a.ts', '../trip-store.ts', './../trip-store.ts', '../../platform/clock.ts'),
  ...breach('server/trips/core/a.ts', 'node:fs', 'fs', 'pino', 'typebox', 'vitest'),
  ...breach('server/trips/core/a.ts', '../../../lock-simulator/firmware/a.ts', '../../../demo-city/core/a.ts'),
  ...breach('server/trips/core/deep/a.ts', '../../trip-store.ts', '../../../platform/clock.ts', 'node:crypto'),
  ...breach('server/trips/core/a.test.ts', 'pino', '../trip-store.ts'),
  ...legal('server/trips/core/a.ts', './fare.ts', './deep/a.ts', '../../payments/core/ledger.ts'),
  ...legal('server/trips/core/a.ts', '../../../contracts/ids.ts', '../../../contracts/http/trips.ts'),
  ...legal('server/trips/core/a.ts', '@turf/turf', 'h3-js', '@noble/hashes/hmac.js', 'fflate'),
  ...legal('server/trips/core/deep/a.ts', '../fare.ts', '../other/fare.ts', '../../../payments/core/ledger.ts'),
  ...legal('server/trips/core/deep/a.ts', '../../../../contracts/ids.ts'),
  ...legal('server/trips/core/a.test.ts', 'vitest', 'fast-check', 'node:fs', './fare.ts'),
]

const server = [
  ...breach('server/app.ts', '../ui-kit/a.ts', '../demo-city/streets.ts', '../rider-app/a.ts'),
  ...breach('server/trips/a.ts', '../../lock-simulator/a.ts', '../../payment-sandbox/a.ts', '../../ops-dashboard/a.ts'),
  ...breach('server/trips/a.ts', '../payments/payment-store.ts', '../payments/deep/payment-store.ts'),
  ...breach('server/trips/a.ts', '../../demo-city/streets.ts'),
  ...breach('server/trips/a.ts', '../../demo-city/read-city.ts'),
  ...breach('server/trips/a.test.ts', '../payments/payment-store.ts'),
  ...breach('server/rebalancing/distances/a.ts', '../../../demo-city/routing.ts', '../../../demo-city/make-city.ts'),
  ...breach('server/rebalancing/distances/a.ts', '../../../scripts/import-streets.ts'),
  ...breach('server/payments/providers/a.ts', '../../trips/trip-store.ts', '../../../payment-sandbox/a.ts'),
  ...breach('server/platform/a.ts', '../trips/trip-service.ts', '../settings.ts', '../../lock-simulator/a.ts'),
  ...breach('server/platform/embedded-postgres/a.ts', '../../trips/core/fare.ts', '../../settings.ts'),
  ...legal('server/app.ts', './trips/trip-store.ts', '../demo-city/city-files.ts', 'pg'),
  ...legal('server/trips/a.ts', './trip-store.ts', './core/fare.ts', '../payments/core/ledger.ts'),
  ...legal('server/trips/a.ts', '../payments/payment-service.ts', '../platform/clock.ts', '../../contracts/ids.ts'),
  ...legal('server/city/a.ts', '../../demo-city/city-files.ts', '../../demo-city/tile-pack.ts'),
  ...legal('server/rebalancing/distances/a.ts', '../../../demo-city/read-city.ts', '../core/street-matrix.ts'),
  ...legal('server/rebalancing/distances/a.ts', '../../../demo-city/city-files.ts'),
  ...legal('server/payments/providers/a.ts', '../payment-store.ts', '../../platform/clock.ts'),
  ...legal('server/platform/a.ts', './clock.ts', './embedded-postgres/a.ts', '../../contracts/ids.ts', 'pg'),
  ...legal('server/platform/embedded-postgres/a.ts', '../clock.ts', '../../../contracts/ids.ts'),
]

const simulator = [
  ...breach('lock-simulator/a.ts', '../server/app.ts', '../ui-kit/a.ts'),
  ...breach('lock-simulator/city/a.ts', '../../payment-sandbox/a.ts', '../../server/trips/core/fare.ts'),
  ...breach('lock-simulator/firmware/a.ts', '../body/a.ts', 'mqtt', 'node:fs', '../../server/trips/core/fare.ts'),
  ...breach('lock-simulator/firmware/deep/a.ts', '../../body/a.ts', 'node:fs'),
  ...legal('lock-simulator/a.ts', './firmware/a.ts', 'mqtt'),
  ...legal('lock-simulator/city/a.ts', '../../demo-city/streets.ts', '../../contracts/ids.ts'),
  ...legal('lock-simulator/firmware/a.ts', './bolt.ts', '../../contracts/ids.ts', '@noble/hashes/hmac.js'),
  ...legal('lock-simulator/firmware/deep/a.ts', '../bolt.ts', '../../../contracts/mqtt/topics.ts'),
]

const others = [
  ...breach('payment-sandbox/a.ts', '../server/payments/core/ledger.ts', '../lock-simulator/a.ts', 'alipay-sdk'),
  ...breach('payment-sandbox/a.test.ts', '../server/app.ts'),
  ...legal('payment-sandbox/a.test.ts', 'alipay-sdk'),
  ...legal('payment-sandbox/a.ts', 'fastify', './b.ts'),
  ...breach('demo-city/a.ts', '../server/app.ts', '../lock-simulator/a.ts'),
  ...legal('demo-city/a.ts', '../contracts/ids.ts', 'node:fs'),
  ...breach('ui-kit/a.tsx', '../rider-app/a.ts', '../server/app.ts', '../demo-city/a.ts'),
  ...legal('ui-kit/a.tsx', '../contracts/ids.ts', 'react'),
  ...breach('rider-app/b.tsx', '../ops-dashboard/a.ts', '../crew-app/a.ts'),
  ...breach('ops-dashboard/b.tsx', '../rider-app/a.ts'),
  ...['rider-app', 'ops-dashboard', 'crew-app'].flatMap((app) => [
    ...breach(`${app}/a.tsx`, '../server/app.ts', '../lock-simulator/a.ts', '../payment-sandbox/a.ts'),
    ...breach(`${app}/deep/a.tsx`, '../../server/trips/core/fare.ts', '../../demo-city/a.ts'),
    ...legal(`${app}/deep/a.tsx`, '../../contracts/ids.ts', '../../ui-kit/a.ts', '../own.ts', 'react'),
  ]),
]

/** Every wall of biome.json with the ways through it that must be closed and those that must stay open. */
export const plants: readonly Plant[] = [...contracts, ...core, ...server, ...simulator, ...others]
