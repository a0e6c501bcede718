import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import type { FleetAlarms, FleetTrips } from '../../contracts/http/desk.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import type { AskFault } from '../use-asked.ts'
import { alarmsOf, type RowAlarms, ridesOf } from './fleet-columns.ts'

const tripsPath = '/v1/staff/fleet/trips'
const alarmsPath = '/v1/staff/fleet/alarms'
/** Who rides, the frames tell at once; since when can wait. */
const tripsEveryMs = 15_000
/** Events tell at once; this heals what they could not tell. */
const alarmsEveryMs = 60_000
/** A city in trouble raises alarms by the dozen: asked for at most so often. */
const alarmsPauseMs = 1_000

/** What the list needs besides the live frames, in the order of the table's rows. */
export function useFleetMarks(table: FleetTable | null): {
  readonly rides: Uint32Array | null
  readonly alarms: RowAlarms | null
} {
  const queries = useQueryClient()
  const trips = useQuery<FleetTrips, AskFault>({
    queryKey: [tripsPath],
    queryFn: () => valueOrThrow<FleetTrips>(opsApi.get<FleetTrips>(tripsPath)),
    refetchInterval: tripsEveryMs,
    structuralSharing: false,
  })
  const open = useQuery<FleetAlarms, AskFault>({
    queryKey: [alarmsPath],
    queryFn: () => valueOrThrow<FleetAlarms>(opsApi.get<FleetAlarms>(alarmsPath)),
    refetchInterval: alarmsEveryMs,
    structuralSharing: false,
  })
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useDeskEvents(({ kind }) => {
    if (kind !== 'alarm' && kind !== 'again') return
    timer.current ??= setTimeout(() => {
      timer.current = null
      void queries.invalidateQueries({ queryKey: [alarmsPath] })
    }, alarmsPauseMs)
  })
  useEffect(() => {
    return () => {
      if (timer.current !== null) clearTimeout(timer.current)
    }
  }, [])
  const rides = useMemo(() => (table === null ? null : ridesOf(table, trips.data ?? null)), [table, trips.data])
  const alarms = useMemo(() => (table === null ? null : alarmsOf(table, open.data ?? null)), [table, open.data])
  return { rides, alarms }
}
