import { defineConfig } from 'vitest/config'

/**
 * Files of one project share their process one after the other: modules are loaded once, and the database is emptied
 * instead of started. A file leaves nothing behind that the next one could meet.
 */
const shared = { testTimeout: 120_000, hookTimeout: 180_000, pool: 'forks' as const, isolate: false }

const inAFastCity = ['test/integration/parking.test.ts']

/** One project per kind of proof; `npm test` runs those that need nothing installed. */
export default defineConfig({
  test: {
    // One more than the smallest machine has cores: many files wait for locks, payers and retries, which costs nobody.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: [
            '{contracts,server,lock-simulator,payment-sandbox,demo-city,ui-kit,rider-app,ops-dashboard,crew-app,scripts}/**/*.test.ts',
          ],
        },
      },
      {
        test: { ...shared, name: 'integration', include: ['test/integration/*.test.ts'], exclude: [...inAFastCity] },
      },
      // Their city lives a day in an hour: they have a process and a database of their own.
      { test: { ...shared, name: 'fast-city', include: [...inAFastCity], isolate: true } },
      { test: { ...shared, name: 'server', include: ['test/integration/server-only/**/*.test.ts'] } },
      {
        test: { ...shared, name: 'simulation', include: ['test/simulation/simulation.test.ts'], testTimeout: 300_000 },
      },
      // Bugs that are planted prove the checkers, which are the same whatever database they read.
      { test: { ...shared, name: 'checkers', include: ['test/simulation/checkers.test.ts'], testTimeout: 300_000 } },
      { test: { ...shared, name: 'repo', include: ['test/repo/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/e2e/build-pages.ts'],
          setupFiles: ['test/e2e/tell-each-try.ts'],
          testTimeout: 420_000,
          // One city lives under all stories: what it does at the wrong moment may cost a story one more try, which is
          // printed as "retry x1". A page that is broken fails twice.
          retry: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
