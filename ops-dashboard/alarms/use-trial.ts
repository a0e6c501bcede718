import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { AlarmSettings, AlarmTrial } from '../../contracts/http/alarms.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { type TrialState, trialStateOf } from './trial-state.ts'

const path = '/v1/staff/alarm-settings/try'
/** Somebody still types: the whole fleet is judged for each question. */
const settleMs = 500

/** What these thresholds would tell of, asked when the typing rests. Null: nothing to ask. */
export function useTrial(wanted: AlarmSettings | null): {
  readonly state: TrialState
  readonly kinds: AlarmTrial['kinds']
  readonly refused: Refused | null
  readonly again: () => void
} {
  const body = wanted === null ? null : JSON.stringify(wanted)
  const [asked, setAsked] = useState(body)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(body), settleMs)
    return () => clearTimeout(timer)
  }, [body])
  const answer = useQuery<AlarmTrial, AskFault>({
    queryKey: [path, asked],
    enabled: asked !== null,
    placeholderData: (before) => before,
    retry: false,
    queryFn: () =>
      valueOrThrow<AlarmTrial>(
        opsApi.send<AlarmTrial>(path, { method: 'POST', body: JSON.parse(asked ?? '') as object }),
      ),
  })
  const hasAnswer = answer.isSuccess && !answer.isPlaceholderData
  const state = trialStateOf(body, asked, { isError: answer.isError, hasAnswer })
  return {
    state,
    kinds: state === 'of_these' || state === 'of_others' ? (answer.data?.kinds ?? []) : [],
    refused: state === 'failed' ? refusedOf(answer.error) : null,
    again: () => void answer.refetch(),
  }
}
