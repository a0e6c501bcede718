import { useMemo, useState } from 'react'
import { useRider } from '../rider-state.ts'
import { demoRadio } from './demo-radio.ts'
import type { TalkEnd, TalkStep } from './lock-talk.ts'
import type { PhoneRadio } from './phone-radio.ts'
import { webBluetoothRadio } from './web-bluetooth-radio.ts'

export type ShownEnd = Exclude<TalkEnd, { kind: 'cancelled' }>

export interface PhoneLock {
  readonly radio: PhoneRadio
  /** Where a talk is now; null: none goes on. */
  readonly step: TalkStep | null
  /** What became of the last talk; null: there was none, or the rider left it before it began. */
  readonly end: ShownEnd | null
  readonly run: (talk: (onStep: (step: TalkStep) => void) => Promise<TalkEnd>) => void
}

/** One talk with the lock at a time, and what became of the last. */
export function usePhoneLock(bikeNumber: string): PhoneLock {
  const { api, config } = useRider()
  const isDemo = config?.demo === true
  const radio = useMemo(() => (isDemo ? demoRadio(api, bikeNumber) : webBluetoothRadio()), [api, isDemo, bikeNumber])
  const [step, setStep] = useState<TalkStep | null>(null)
  const [end, setEnd] = useState<ShownEnd | null>(null)
  const run: PhoneLock['run'] = (talk) => {
    if (step !== null) return
    setEnd(null)
    setStep('find')
    void talk(setStep)
      .then((ended) => setEnd(ended.kind === 'cancelled' ? null : ended))
      .finally(() => setStep(null))
  }
  return { radio, step, end, run }
}
