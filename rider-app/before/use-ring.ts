import { useEffect, useRef, useState } from 'react'
import type { RingView } from '../../contracts/http/reservations.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useRider } from '../rider-state.ts'

export type RingStep =
  | { readonly kind: 'idle' | 'asking' | 'rang' | 'no_answer' }
  | { readonly kind: 'refused'; readonly refused: Refused }

const lookEveryMs = 600
/** A lock that has not said anything by then has probably not heard it. */
const longestWaitMs = 9_000

/** One ring and what the lock said to it. */
export function useRing(bike: string) {
  const { api } = useRider()
  const [step, setStep] = useState<RingStep>({ kind: 'idle' })
  const gone = useRef(false)
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
    }
  }, [])

  const ring = async () => {
    if (step.kind === 'asking') return
    setStep({ kind: 'asking' })
    const path = `/v1/bikes/${encodeURIComponent(bike)}/ring`
    let answer = await api.send<RingView>(path, { method: 'POST' })
    const untilMs = performance.now() + longestWaitMs
    while (answer.kind === 'ok' && isOpen(answer.value) && performance.now() < untilMs && !gone.current) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
      answer = await api.get<RingView>(`${path}/${answer.value.commandId}`)
    }
    if (gone.current) return
    if (answer.kind === 'refused') return setStep({ kind: 'refused', refused: answer })
    setStep({ kind: answer.value.state === 'done' ? 'rang' : 'no_answer' })
  }
  return { step, ring: () => void ring() }
}

const isOpen = ({ state }: RingView) => state === 'queued' || state === 'sent' || state === 'accepted'
