import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { AlarmBatchAnswer, AlarmDeed, AlarmList, AlarmStory, AlarmView } from '../../contracts/http/alarms.ts'
import { useLookAgain } from '../live/use-look-again.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import type { AskFault } from '../use-asked.ts'
import { type AlarmsView, alarmsQuestion, writeAlarmsView } from './alarms-address.ts'
import type { DeedDone } from './deeds-under-way.ts'

const allAlarms = ['alarms'] as const
/** Ages grow, and what events could not tell is healed. */
const lookEveryMs = 30_000

/** The pages of the inbox that were opened so far, kept new. */
export function useAlarms(view: AlarmsView) {
  const asked = useInfiniteQuery<AlarmList, AskFault, InfiniteData<AlarmList>, readonly string[], string | null>({
    queryKey: [...allAlarms, writeAlarmsView(view)],
    initialPageParam: null,
    queryFn: ({ pageParam }) => valueOrThrow<AlarmList>(opsApi.get<AlarmList>(alarmsQuestion(view, pageParam))),
    getNextPageParam: (last) => last.next,
    refetchInterval: lookEveryMs,
    placeholderData: (before) => before,
  })
  useLookAgain(allAlarms, (event) => event.kind === 'alarm')
  return asked
}

export function useAlarmStory(alarmId: string) {
  return useQuery<AlarmStory, AskFault>({
    queryKey: [...allAlarms, 'story', alarmId],
    queryFn: () => valueOrThrow<AlarmStory>(opsApi.get<AlarmStory>(`/v1/staff/alarms/${alarmId}`)),
  })
}

/** Does the same to each alarm, each on its own, and looks at everything again. */
export function useAlarmDeeds(): (alarms: readonly AlarmView[], deed: AlarmDeed) => Promise<DeedDone> {
  const queries = useQueryClient()
  return useCallback(
    async (alarms, deed) => {
      const body = { alarms: alarms.map(({ alarmId, version }) => ({ alarmId, version })), deed }
      const answer = await opsApi.send<AlarmBatchAnswer>('/v1/staff/alarms/acts', { method: 'POST', body })
      const looked = queries.invalidateQueries({ queryKey: allAlarms })
      // Without a connection a look waits for it; that the deed did not arrive is said now.
      if (answer.kind === 'refused') return { deed, done: [], refused: [{ code: answer.code, by: null }] }
      await looked
      const { results } = answer.value
      return {
        deed,
        done: results.filter(({ code }) => code === null).map(({ alarmId }) => alarmId),
        refused: results.flatMap(({ code, by }) => (code === null ? [] : [{ code, by }])),
      }
    },
    [queries],
  )
}
