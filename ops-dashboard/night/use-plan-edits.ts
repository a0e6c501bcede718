import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useReducer, useRef } from 'react'
import type { PlanEdit, PlanEditAnswer, PlanEditRequest, PlanView } from '../../contracts/http/nights.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { opsApi } from '../ops-api.ts'
import { type EditState, nextEditState, noEdit } from './edit-state.ts'

export interface PlanEdits {
  readonly state: EditState
  /** Asks what it would cost. Nothing is changed. */
  readonly ask: (edit: PlanEdit) => void
  /** Does it. True when it was done. */
  readonly apply: (edit: PlanEdit) => Promise<boolean>
  readonly cancel: () => void
  /** Takes the last edit back; the refusal when that is not possible. */
  readonly undo: () => Promise<Refused | null>
}

/** Looking for better routes takes as long as it was told to, and the way there and back. */
const waitBeyondMs = 20_000

export const planPath = (planId: string) => `/v1/staff/plans/${planId}`

/** Edits of one plan. `onOwn` is told each revision that came from this desk. */
export function usePlanEdits(plan: PlanView, onOwn: (revision: number) => void): PlanEdits {
  const queries = useQueryClient()
  const [state, dispatch] = useReducer(nextEditState, noEdit)
  const latest = useRef(plan)
  latest.current = plan
  const path = planPath(plan.planId)

  const keep = useCallback(
    (next: PlanView) => {
      onOwn(next.revision)
      queries.setQueryData([path], next)
      void queries.invalidateQueries({ queryKey: ['/v1/staff/plans'] })
    },
    [queries, path, onOwn],
  )
  const send = useCallback(
    (edit: PlanEdit, dryRun: boolean) => {
      const body: PlanEditRequest = { revision: latest.current.revision, edit, dryRun }
      const timeoutMs = (edit.kind === 'improve' ? edit.seconds * 1_000 : 0) + waitBeyondMs
      return opsApi.send<PlanEditAnswer>(`${path}/edits`, { method: 'POST', body, timeoutMs })
    },
    [path],
  )
  const refuse = useCallback(
    (edit: PlanEdit, refused: Refused) => {
      dispatch({ kind: 'refuse', edit, refused })
      // somebody else was faster: show what the plan is now
      if (refused.code === 'plan_changed') void queries.invalidateQueries({ queryKey: [path] })
    },
    [queries, path],
  )

  const ask = useCallback(
    (edit: PlanEdit) => {
      const { revision } = latest.current
      dispatch({ kind: 'ask', edit })
      void send(edit, true).then((answer) => {
        if (answer.kind === 'ok') dispatch({ kind: 'price', edit, answer: answer.value, revision })
        else refuse(edit, answer)
      })
    },
    [send, refuse],
  )
  const apply = useCallback(
    async (edit: PlanEdit) => {
      dispatch({ kind: 'do', edit })
      const { revision } = latest.current
      const answer = await send(edit, false)
      if (answer.kind === 'refused') {
        refuse(edit, answer)
        return false
      }
      if (!answer.value.done) {
        dispatch({ kind: 'done', edit })
        dispatch({ kind: 'ask', edit })
        dispatch({ kind: 'price', edit, answer: answer.value, revision })
        return false
      }
      if (answer.value.plan !== null) keep(answer.value.plan)
      else await queries.invalidateQueries({ queryKey: [path] })
      dispatch({ kind: 'done', edit })
      return true
    },
    [send, refuse, keep, queries, path],
  )
  const undo = useCallback(async () => {
    const body = { revision: latest.current.revision }
    const answer = await opsApi.send<PlanView>(`${path}/undo`, { method: 'POST', body, timeoutMs: waitBeyondMs })
    if (answer.kind === 'refused') {
      if (answer.code === 'plan_changed') void queries.invalidateQueries({ queryKey: [path] })
      return answer
    }
    keep(answer.value)
    return null
  }, [path, keep, queries])

  return { state, ask, apply, undo, cancel: useCallback(() => dispatch({ kind: 'cancel' }), []) }
}
