import { type FormEvent, useState } from 'react'
import type { Me } from '../../contracts/http/account.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'
import { PasswordField } from './password-field.tsx'

/** A first password, or another one. */
export function PasswordCard({ me, onChanged }: { readonly me: Me; readonly onChanged: () => void }) {
  const { t } = useText()
  const [password, setPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [isDone, setDone] = useState(false)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setRefused(null)
    setDone(false)
    const body = me.asksPassword ? { password, newPassword } : { newPassword }
    const answer = await opsApi.send<undefined>('/v1/staff/me/password', { method: 'PUT', body })
    setBusy(false)
    if (answer.kind === 'refused') return setRefused(answer)
    setPassword('')
    setNewPassword('')
    setDone(true)
    onChanged()
  }
  return (
    <section className="card stack" aria-labelledby="password-title">
      <h2 id="password-title">{me.hasPassword ? t('staff.change_password') : t('staff.set_password')}</h2>
      <form className="stack" onSubmit={(event) => void save(event)}>
        {/* for password keepers, which want to know whose password this is */}
        <input
          className="visually-hidden"
          tabIndex={-1}
          aria-hidden="true"
          name="username"
          autoComplete="username"
          readOnly
          value={me.logInName ?? me.name}
        />
        {me.asksPassword && (
          <PasswordField
            label={t('staff.password_now')}
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
          />
        )}
        <PasswordField
          label={t('staff.new_password')}
          autoComplete="new-password"
          hint={t('staff.password_rule')}
          value={newPassword}
          onChange={setNewPassword}
        />
        {refused !== null && <RefusalNotice refused={refused} />}
        <button type="submit" className="button main" disabled={isBusy}>
          {t('staff.save_password')}
        </button>
      </form>
      <p role="status" className="small">
        {isDone && t('staff.password_saved')}
      </p>
      {me.hasPassword && me.logInName === null && <p className="notice warn">{t('staff.ask_for_log_in_name')}</p>}
    </section>
  )
}
