import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'
import { OwnCode } from './own-code.tsx'

/** Where the log-in form keeps an address that its owner wants to find again. */
const rememberedAddressKey = 'zwerm-address'

type Step = 'told' | 'sure' | 'code'

/** The end of an account: said what it means, asked once more, and a code of its own so that a found phone cannot do it. */
export function DeleteCard({ addressHint }: { readonly addressHint: string }) {
  const { t } = useText()
  const { api, leave } = useRider()
  const [, navigate] = useLocation()
  const [step, setStep] = useState<Step>('told')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const ask = async (path: string, body?: object): Promise<boolean> => {
    setBusy(true)
    const answer = await api.send<unknown>(path, { method: 'POST', ...(body === undefined ? {} : { body }) })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    return answer.kind === 'ok'
  }
  const sendCode = async () => {
    if (await ask('/v1/me/erasure/codes')) setStep('code')
  }
  const erase = async (code: string) => {
    if (!(await ask('/v1/me/erasure', { confirm: 'delete', code }))) return
    localStorage.removeItem(rememberedAddressKey)
    navigate('/mine/deleted', { replace: true })
    leave()
  }
  const keep = () => {
    setStep('told')
    setRefused(null)
  }
  return (
    <section className="card stack" aria-labelledby="delete-title">
      <h2 id="delete-title">{t('data.delete')}</h2>
      <p>{t('data.delete_what')}</p>
      {step === 'told' && (
        <button type="button" className="button danger" onClick={() => setStep('sure')}>
          {t('data.delete_begin')}
        </button>
      )}
      {step === 'sure' && (
        <>
          <p className="notice bad" role="status">
            <strong>{t('data.delete_no_way_back')}</strong>
          </p>
          <button type="button" className="button danger" disabled={busy} onClick={() => void sendCode()}>
            {t('data.delete_send')}
          </button>
        </>
      )}
      {step === 'code' && (
        <OwnCode
          told={t('data.delete_code_sent', { to: addressHint })}
          label={t('data.delete_code')}
          button={t('data.delete_now')}
          isDanger
          busy={busy}
          onCode={(code) => void erase(code)}
        />
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
      {step !== 'told' && (
        <button type="button" className="button quiet" onClick={keep}>
          {t('data.delete_keep')}
        </button>
      )}
    </section>
  )
}
