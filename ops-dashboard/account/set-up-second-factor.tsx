import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { Me, RecoveryCodes, SecondFactorSecret } from '../../contracts/http/account.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'
import { CodeField } from './code-field.tsx'
import { PasswordField } from './password-field.tsx'

/** The password where it is asked, then the secret as picture and text, then the first code of it. */
export function SetUpSecondFactor({
  me,
  onDone,
  onClose,
}: {
  readonly me: Me
  readonly onDone: (codes: RecoveryCodes) => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const [secret, setSecret] = useState<SecondFactorSecret | null>(null)
  const [password, setPassword] = useState('')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const asked = useRef(false)
  const show = useCallback(async (body: object) => {
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<SecondFactorSecret>('/v1/staff/me/second-factor', { method: 'POST', body })
    setBusy(false)
    if (answer.kind === 'refused') setRefused(answer)
    else setSecret(answer.value)
  }, [])
  useEffect(() => {
    if (me.asksPassword || asked.current) return
    asked.current = true
    void show({})
  }, [me.asksPassword, show])
  const prove = (event: FormEvent) => {
    event.preventDefault()
    if (!isBusy) void show({ password })
  }
  const again = () => {
    setSecret(null)
    setRefused(null)
    if (!me.asksPassword) void show({})
  }
  if (secret !== null) return <FirstCode secret={secret} onDone={onDone} onAgain={again} onClose={onClose} />
  return (
    <form className="stack" onSubmit={prove}>
      {me.asksPassword ? (
        <PasswordField
          label={t('staff.password_now')}
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
      ) : (
        isBusy && <Waiting text={t('app.loading')} />
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
      <div className="row wrap">
        {me.asksPassword && (
          <button type="submit" className="button main" disabled={isBusy}>
            {t('staff.go_on')}
          </button>
        )}
        <button type="button" className="button" onClick={onClose}>
          {t('ops.cancel')}
        </button>
      </div>
    </form>
  )
}

function FirstCode({
  secret,
  onDone,
  onAgain,
  onClose,
}: {
  readonly secret: SecondFactorSecret
  readonly onDone: (codes: RecoveryCodes) => void
  readonly onAgain: () => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const [code, setCode] = useState('')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setRefused(null)
    const body = { code: code.trim() }
    const answer = await opsApi.send<RecoveryCodes>('/v1/staff/me/second-factor', { method: 'PUT', body })
    setBusy(false)
    if (answer.kind === 'ok') return onDone(answer.value)
    setRefused(answer)
    field.current?.select()
  }
  return (
    <form className="stack" onSubmit={(event) => void confirm(event)}>
      <ol className="stack steps">
        <li>{t('staff.scan_picture')}</li>
        <li>{t('staff.type_first_code')}</li>
      </ol>
      <div className="secret">
        <img src={`data:image/svg+xml,${encodeURIComponent(secret.qrSvg)}`} alt={t('staff.picture')} />
        <p className="grow">
          <span className="small soft">{t('staff.or_type')}</span>
          <code>{secret.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </p>
      </div>
      <CodeField label={t('staff.first_code')} field={field} value={code} onChange={setCode} />
      {refused !== null && (
        <RefusalNotice refused={refused} onAgain={refused.code === 'second_factor_over' ? onAgain : undefined} />
      )}
      <div className="row wrap">
        <button type="submit" className="button main" disabled={isBusy}>
          {t('staff.turn_on')}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t('ops.cancel')}
        </button>
      </div>
    </form>
  )
}
