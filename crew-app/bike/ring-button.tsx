import { useState } from 'react'
import type { FailureCode } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { useOnline } from '../../ui-kit/use-online.ts'
import { useNight } from '../night/use-night.ts'

type Ringing = 'idle' | 'asking' | 'rings' | FailureCode

/** Makes the lock ring. The one thing of the night that needs a network: it says so instead of waiting. */
export function RingButton({ number }: { readonly number: string }) {
  const { t, ofCode } = useText()
  const { api } = useNight()
  const online = useOnline()
  const [ringing, setRinging] = useState<Ringing>('idle')
  const ring = async () => {
    setRinging('asking')
    const answer = await api.send<unknown>(`/v1/crew/bikes/${number}/ring`, { method: 'POST' })
    setRinging(answer.kind === 'ok' ? 'rings' : answer.code)
  }
  const isFailed = ringing !== 'idle' && ringing !== 'asking' && ringing !== 'rings'
  return (
    <>
      <button
        type="button"
        className="button wide"
        disabled={!online || ringing === 'asking'}
        onClick={() => void ring()}
      >
        {online ? t('crew.ring.button') : t('crew.ring.offline')}
      </button>
      <p role="status" className={isFailed ? 'notice warn' : ringing === 'idle' ? 'visually-hidden' : 'notice'}>
        {ringing === 'asking' && t('crew.ring.asking')}
        {ringing === 'rings' && t('crew.ring.rings')}
        {isFailed && ofCode(`refusal.${ringing}`, 'refusal.server_fault')}
      </p>
    </>
  )
}
