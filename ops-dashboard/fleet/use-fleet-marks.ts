import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { FleetAlarms, FleetTrips } from '../../contracts/http/desk.ts'
import type { FleetTable } from '../../ui-kit/live/fleet-table.ts'
import { useLookAgain } from '../live/use-look-again.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import type { AskFault } from '../use-asked.ts'
import { alarmsOf, type RowAlarms, ridesOf } from './fleet-columns.ts'

const tripsPath = '/v1/staff/fleet/trips'
const alarmsPath = '/v1/staff/fleet/alarms'
/** Who rides, the frames tell at once; since when can wait. */
const tripsEveryMs = 15_000
/** Events tell at once; this heals what they could not tell. */
const alarmsEveryMs = 60_000

/** What the list needs besides the live frames, in the order of the table's rows. */
export function useFleetMarks(table: FleetTable | null): {
  readonly rides: Uint32Array | null
  readonly alarms: RowAlarms | null
} {
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
  useLookAgain([alarmsPath], ({ kind }) => kind === 'alarm')
  const rides = useMemo(() => (table === null ? null : ridesOf(table, trips.data ?? null)), [table, trips.data])
  const alarms = useMemo(() => (table === null ? null : alarmsOf(table, open.data ?? null)), [table, open.data])
  return { rides, alarms }
}
