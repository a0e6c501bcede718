import { present } from '../contracts/assert.ts'
import type { DeskEvent } from '../contracts/live/desk-events.ts'
import { createPublicZones } from './city/public-zones.ts'
import { createZoneEdits } from './city/zone-edits-service.ts'
import { createZoneStock } from './city/zone-stock.ts'
import { createZones } from './city/zones-service.ts'
import type { Fleet } from './fleet/fleet-service.ts'
import type { Database } from './platform/database.ts'
import type { Ports } from './rooms.ts'
import { tariffAt } from './trips/trip-store.ts'

/** Zones, as they are drawn, edited, counted and shown. */
export function openZones(ports: Pick<Ports, 'clock' | 'ids' | 'tellDesk'>, db: Database, fleet: Pick<Fleet, 'bikes'>) {
  const { clock, ids } = ports
  const standing = () =>
    fleet.bikes().flatMap(({ shadow, trip, custody }) => {
      return shadow.position === null || trip !== null || custody === 'in_van' ? [] : [shadow.position]
    })
  const tellDesk = (event: DeskEvent) => ports.tellDesk?.(event)
  const zoneStock = createZoneStock({ db, clock, standing })
  const prices = async () => present(await tariffAt(db, clock.nowMs()), 'a tariff holds at any time')
  return {
    zones: createZones({ db, clock, ids, tellDesk }),
    zoneEdits: createZoneEdits({ db, clock, standing, tellDesk }),
    zoneStock,
    publicZones: createPublicZones({ db, clock, stock: zoneStock, prices }),
  }
}
