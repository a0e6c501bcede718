import { uptimeZeroAt } from './fleet/core/made-at.ts'
import { fixBoots } from './fleet/ingest-store.ts'
import type { UplinkIngest } from './fleet/uplink-ingest.ts'
import {
  createNoCoverage,
  type NoCoverage,
  type NoCoverageDeps,
  type NoCoverageEvent,
} from './no-coverage/no-coverage-service.ts'
import { takenIn } from './no-coverage/taken-in.ts'
import { nextCounter } from './unlocking/command-store.ts'

/** Phones at locks without coverage: a receipt goes in where the lock's own radio would have brought it. */
export function openNoCoverage(
  given: Pick<NoCoverageDeps, 'db' | 'clock' | 'ids' | 'keys' | 'logger' | 'trips'> & {
    readonly ingest: Pick<UplinkIngest, 'sink'>
    readonly onNoCoverage?: (event: NoCoverageEvent) => void
  },
): NoCoverage {
  const { db, clock, ids, keys, logger, trips, ingest, onNoCoverage } = given
  return createNoCoverage({
    ...{ db, clock, ids, keys, logger, trips, nextCounter },
    fixBoot: async (tx, { lockId, bootId, uptimeMs, atMs }) => {
      await fixBoots(tx, [{ lockId, bootId, uptimeZeroAtMs: uptimeZeroAt(uptimeMs, atMs), heardAtMs: atMs }])
    },
    takeEvent: (lockId, event) => takenIn(ingest, lockId, event),
    count: (event) => onNoCoverage?.(event),
  })
}
