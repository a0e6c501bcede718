import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Static } from 'typebox'
import { useLocation } from 'wouter'
import type { DemoOutbox } from '../../contracts/http/demo.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'

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
      {step === 'code' && <ErasureCode addressHint={addressHint} busy={busy} onCode={(code) => void erase(code)} />}
      {refused !== null && <RefusalNotice refused={refused} />}
      {step !== 'told' && (
        <button type="button" className="button quiet" onClick={keep}>
          {t('data.delete_keep')}
        </button>
      )}
    </section>
  )
}

function ErasureCode({
  addressHint,
  busy,
  onCode,
}: {
  readonly addressHint: string
  readonly busy: boolean
  readonly onCode: (code: string) => void
}) {
  const { t } = useText()
  const [code, setCode] = useState('')
  const demoCode = useDemoCode()
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => input.current?.focus(), [])
  const isWhole = /^[0-9]{6}$/.test(code)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isWhole && !busy) onCode(code)
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p role="status">{t('data.delete_code_sent', { to: addressHint })}</p>
      {demoCode !== null && (
        <p className="notice row spread">
          <span>
            {t('data.delete_demo')} <strong className="number">{demoCode}</strong>
          </span>
          <button type="button" className="button" onClick={() => setCode(demoCode)}>
            {t('data.delete_fill')}
          </button>
        </p>
      )}
      <div className="field">
        <label htmlFor={id}>{t('data.delete_code')}</label>
        <input
          id={id}
          ref={input}
          className="number code"
          value={code}
          onChange={(event) => setCode(event.target.value.replace(/\D/g, '').slice(0, 6))}
          inputMode="numeric"
          autoComplete="one-time-code"
        />
      </div>
      <button type="submit" className="button danger main wide" disabled={!isWhole || busy}>
        {t('data.delete_now')}
      </button>
    </form>
  )
}

/** In the demo nothing is sent anywhere: the code is read from its outbox, and said to be so. */
function useDemoCode(): string | null {
  const { api, config } = useRider()
  const [code, setCode] = useState<string | null>(null)
  const isDemo = config?.demo === true
  useEffect(() => {
    if (!isDemo) return
    void api.get<Static<typeof DemoOutbox>>('/demo/outbox/mine').then((answer) => {
      if (answer.kind === 'ok') setCode(answer.value.messages[0]?.code ?? null)
    })
  }, [api, isDemo])
  return code
}
