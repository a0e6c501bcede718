import { useQuery } from '@tanstack/react-query'
import { useLookAgain } from '../live/use-look-again.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import type { AskFault } from '../use-asked.ts'

/** Only the counts are wanted: one alarm comes with them. */
const path = '/v1/staff/alarms?state=open&limit=1'
/** Events tell of a change at once; this heals what they could not tell. */
const lookAgainEveryMs = 60_000

interface AlarmCounts {
  readonly counts: Readonly<Record<string, number>>
}

/** How many alarms of each kind are open; null until that is known. Every page shares one answer. */
export function useAlarmCounts(): Readonly<Record<string, number>> | null {
  const asked = useQuery<AlarmCounts, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow<AlarmCounts>(opsApi.get<AlarmCounts>(path)),
    refetchInterval: lookAgainEveryMs,
  })
  useLookAgain([path], ({ kind }) => kind === 'alarm')
  return asked.data?.counts ?? null
}

export const openAlarmsIn = (counts: Readonly<Record<string, number>> | null): number =>
  Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0)
