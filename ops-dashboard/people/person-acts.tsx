import { type FormEvent, useId, useState } from 'react'
import type { PersonLink } from '../../contracts/http/crews.ts'
import type { StaffRole } from '../../contracts/permissions.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { opsApi } from '../ops-api.ts'
import type { Person } from './find-people.ts'
import type { FreshLink } from './link-once.tsx'
import { RoleSelect } from './role-select.tsx'

interface ActsProperties {
  readonly person: Person
  readonly isMe: boolean
  readonly mayChangeRole: boolean
  readonly onLink: (link: FreshLink) => void
  readonly onChanged: () => void
}

const pathOf = ({ staffId }: Person) => `/v1/staff/people/${staffId}`

/** What can be done with a colleague: names, a new link, another role, an end to the access. */
export function PersonActs({ person, isMe, mayChangeRole, onLink, onChanged }: ActsProperties) {
  const { t } = useText()
  const [asking, setAsking] = useState<'role' | 'off' | 'on' | null>(null)
  const [role, setRole] = useState<StaffRole>(person.role)
  const [refused, setRefused] = useState<Refused | null>(null)
  const { name } = person
  const isOff = person.endedAt !== null
  const link = async (withoutSecondFactor: boolean) => {
    setRefused(null)
    const query = withoutSecondFactor ? '?withoutSecondFactor=true' : ''
    const answer = await opsApi.send<PersonLink>(`${pathOf(person)}/links${query}`, { method: 'POST' })
    if (answer.kind === 'refused') setRefused(answer)
    else onLink({ name, url: answer.value.url })
  }
  const act = async (way: 'role' | 'off' | 'on', body: object): Promise<Refused | null> => {
    const answer = await opsApi.send<undefined>(`${pathOf(person)}/${way}`, { method: 'POST', body })
    if (answer.kind === 'refused') return answer
    onChanged()
    return null
  }
  return (
    <div className="person-acts stack">
      {!isOff && <NamesForm person={person} onChanged={onChanged} />}
      {refused !== null && <RefusalNotice refused={refused} />}
      <div className="row wrap">
        {!isOff && (
          <button type="button" className="button" onClick={() => void link(false)}>
            {t('staff.new_link')}
          </button>
        )}
        {!isOff && person.logIn?.hasSecondFactor === true && (
          <button type="button" className="button" onClick={() => void link(true)}>
            {t('staff.link_lost_phone')}
          </button>
        )}
        {!isOff && mayChangeRole && !isMe && (
          <button type="button" className="button" onClick={() => setAsking('role')}>
            {t('staff.other_role')}
          </button>
        )}
        {!isMe && (
          <button type="button" className="button" onClick={() => setAsking(isOff ? 'on' : 'off')}>
            {isOff ? t('staff.switch_on') : t('staff.switch_off')}
          </button>
        )}
      </div>
      {!isOff && person.logIn?.hasSecondFactor === true && <p className="small soft">{t('staff.lost_phone_how')}</p>}
      {isMe && <p className="small soft">{t('staff.not_yourself')}</p>}
      {asking === 'role' && (
        <ReasonDialog
          title={t('staff.other_role_of', { name })}
          what={t('staff.other_role_what')}
          confirm={t('staff.other_role_do')}
          onConfirm={(reason) => act('role', { role, reason })}
          onClose={() => setAsking(null)}
        >
          <RoleSelect role={role} onChange={setRole} />
        </ReasonDialog>
      )}
      {(asking === 'off' || asking === 'on') && (
        <ReasonDialog
          title={t(asking === 'off' ? 'staff.switch_off_of' : 'staff.switch_on_of', { name })}
          what={t(asking === 'off' ? 'staff.switch_off_what' : 'staff.switch_on_what')}
          confirm={t(asking === 'off' ? 'staff.switch_off_do' : 'staff.switch_on_do')}
          isDanger={asking === 'off'}
          onConfirm={(reason) => act(asking, { reason })}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  )
}

function NamesForm({ person, onChanged }: Pick<ActsProperties, 'person' | 'onChanged'>) {
  const { t } = useText()
  const id = useId()
  const [name, setName] = useState(person.name)
  const [logInName, setLogInName] = useState(person.logIn?.name ?? '')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isSaved, setSaved] = useState(false)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setRefused(null)
    setSaved(false)
    const body = { name: name.trim(), logInName }
    const answer = await opsApi.send<undefined>(pathOf(person), { method: 'PUT', body })
    if (answer.kind === 'refused') return setRefused(answer)
    setSaved(true)
    onChanged()
  }
  return (
    <form className="stack" onSubmit={(event) => void save(event)}>
      <div className="new-person">
        <div className="field">
          <label htmlFor={`${id}-name`}>{t('staff.name')}</label>
          <input
            id={`${id}-name`}
            required
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        {person.role !== 'crew' && (
          <div className="field">
            <label htmlFor={`${id}-log-in-name`}>{t('staff.log_in_name')}</label>
            <input
              id={`${id}-log-in-name`}
              maxLength={100}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={logInName}
              onChange={(event) => setLogInName(event.target.value)}
            />
          </div>
        )}
        <button type="submit" className="button bottom" disabled={name.trim() === ''}>
          {t('staff.save_names')}
        </button>
      </div>
      {refused !== null && <RefusalNotice refused={refused} />}
      <p role="status" className="small">
        {isSaved && t('staff.saved')}
      </p>
    </form>
  )
}
