import { type FormEvent, useId, useState } from 'react'
import type { PersonLink } from '../../contracts/http/crews.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'
import type { FreshLink } from './link-once.tsx'
import { RoleSelect } from './role-select.tsx'

/** A colleague, and the link for the first log-in. Crews have no log-in name: their app knows links alone. */
export function NewPersonForm({
  crewsOnly,
  onMade,
}: {
  readonly crewsOnly: boolean
  readonly onMade: (link: FreshLink) => void
}) {
  const { t } = useText()
  const id = useId()
  const [name, setName] = useState('')
  const [logInName, setLogInName] = useState('')
  const [role, setRole] = useState<StaffRole>('crew')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const isCrew = role === 'crew'
  const make = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setRefused(null)
    const body = { name: name.trim(), role, ...(isCrew || logInName.trim() === '' ? {} : { logInName }) }
    const answer = await opsApi.send<PersonLink>('/v1/staff/people', { method: 'POST', body })
    setBusy(false)
    if (answer.kind === 'refused') return setRefused(answer)
    onMade({ name: name.trim(), url: answer.value.url })
    setName('')
    setLogInName('')
  }
  return (
    <form className="card stack" aria-labelledby={`${id}-title`} onSubmit={(event) => void make(event)}>
      <h2 id={`${id}-title`}>{crewsOnly ? t('staff.new_crew') : t('staff.new_person')}</h2>
      <div className="new-person">
        <div className="field">
          <label htmlFor={`${id}-name`}>{t('staff.name')}</label>
          <input
            id={`${id}-name`}
            required
            maxLength={60}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <RoleSelect role={role} crewsOnly={crewsOnly} onChange={setRole} />
        {!isCrew && (
          <div className="field">
            <label htmlFor={`${id}-log-in-name`}>{t('staff.log_in_name')}</label>
            <input
              id={`${id}-log-in-name`}
              maxLength={100}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              aria-describedby={`${id}-log-in-how`}
              value={logInName}
              onChange={(event) => setLogInName(event.target.value)}
            />
            <p id={`${id}-log-in-how`} className="hint">
              {t('staff.log_in_name_how')}
            </p>
          </div>
        )}
      </div>
      {refused !== null && <RefusalNotice refused={refused} />}
      <div className="row">
        <button type="submit" className="button main" disabled={isBusy || name.trim() === ''}>
          {t('staff.make_link')}
        </button>
      </div>
    </form>
  )
}
