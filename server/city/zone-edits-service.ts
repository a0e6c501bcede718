import type {
  ZoneBringBack,
  ZoneCallOff,
  ZoneEditResult,
  ZoneNewest,
  ZoneRemoval,
  ZoneSave,
  ZonesScheduled,
} from '../../contracts/http/zones.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import { type ZoneEditor, zoneEditDeciders } from './decide-zone-edit.ts'
import { type SettleDeps, settleZoneEdit } from './settle-zone-edit.ts'
import { scheduledAfter } from './zone-edits-store.ts'
import { featureOf } from './zones-at.ts'
import { versionsOf } from './zones-store.ts'

type Done = Promise<ZoneEditResult | Refusal>

/**
 * Zones changed one by one, by people who draw. All of them tell with `dryRun` what would happen. Refusals: `zone_changed`
 * (somebody else was first: `detail` says who and when), `not_found`, `bad_request`, `service_area_needed`,
 * `zone_in_force` (too late to call it off), `too_many_requests`.
 */
export interface ZoneEdits {
  newest(zoneId: string): Promise<ZoneNewest | Refusal>
  save(zoneId: string, order: ZoneSave, by: ZoneEditor): Done
  remove(zoneId: string, order: ZoneRemoval, by: ZoneEditor): Done
  bringBack(zoneId: string, order: ZoneBringBack, by: ZoneEditor): Done
  callOff(zoneId: string, version: number, order: ZoneCallOff, by: ZoneEditor): Done
  scheduled(): Promise<ZonesScheduled>
}

const mostVersions = 500
const mostScheduled = 200

export function createZoneEdits(deps: SettleDeps): ZoneEdits {
  const { db, clock } = deps
  const { decideSave, decideRemoval, decideCallOff } = zoneEditDeciders(deps)
  return {
    newest: async (zoneId) => {
      const kept = await versionsOf(db, zoneId, mostVersions)
      const last = kept.at(-1)
      if (last === undefined) return refuse('not_found')
      const standing = kept.findLast(({ calledOff }) => calledOff === null)
      return {
        feature: featureOf((standing ?? last).zone),
        removed: standing === undefined || standing.zone.removed,
        version: last.zone.version,
        changedAt: epochMs(last.calledOff?.atMs ?? last.madeAtMs),
        changedBy: last.calledOff === null ? last.madeBy : last.calledOff.by,
      }
    },
    save: (zoneId, order, by) => settleZoneEdit(deps, () => decideSave(zoneId, order, by), order),
    remove: (zoneId, order, by) => settleZoneEdit(deps, () => decideRemoval(zoneId, order, by), order),
    bringBack: async (zoneId, order, by) => {
      const kept = await versionsOf(db, zoneId, mostVersions)
      const meant = kept.find(({ zone }) => zone.version === order.version)
      if (meant === undefined) return refuse('not_found')
      return settleZoneEdit(deps, () => decideSave(zoneId, { ...order, feature: featureOf(meant.zone) }, by), order)
    },
    callOff: (zoneId, version, order, by) => settleZoneEdit(deps, () => decideCallOff(zoneId, version, by), order),
    scheduled: async () => {
      const changes = await scheduledAfter(db, clock.nowMs(), mostScheduled + 1)
      return { changes: changes.slice(0, mostScheduled), more: changes.length > mostScheduled }
    },
  }
}
