import { useId } from 'react'
import { formatAge, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { Person } from './find-people.ts'
import type { FreshLink } from './link-once.tsx'
import { PersonActs } from './person-acts.tsx'

/** One colleague; what can be changed opens below. */
export function PersonRow({
  person,
  isMe,
  mayManage,
  mayChangeRole,
  isOpen,
  onOpen,
  onLink,
  onChanged,
}: {
  readonly person: Person
  readonly isMe: boolean
  readonly mayManage: boolean
  readonly mayChangeRole: boolean
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
  readonly onLink: (link: FreshLink) => void
  readonly onChanged: () => void
}) {
  const { t, tag } = useText()
  const id = useId()
  const { name, role, since, seenAt, endedAt, logIn } = person
  const seen =
    seenAt === null ? t('staff.never_seen') : t('staff.seen_ago', { age: formatAge(tag, Date.now() - seenAt) })
  return (
    <li>
      <div className="person">
        <p>
          <strong>{name}</strong> <span className="badge">{t(`staff.role.${role}`)}</span>{' '}
          {isMe && <span className="badge">{t('staff.you')}</span>}{' '}
          {endedAt !== null && (
            <span className="badge off">{t('staff.off_since', { day: formatDay(tag, endedAt) })}</span>
          )}
          <br />
          <span className="small soft">
            {t('staff.since', { day: formatDay(tag, since) })} · {seen}
            {logIn !== null && role !== 'crew' && ` · ${logIn.name ?? t('staff.links_only')}`}
            {logIn?.hasPassword === true && ` · ${t('staff.has_password')}`}
            {logIn?.hasSecondFactor === true && ` · ${t('staff.has_second_factor')}`}
          </span>
        </p>
        {mayManage && (
          <button
            type="button"
            className="button"
            aria-expanded={isOpen}
            aria-controls={id}
            aria-label={t('staff.change_person', { name })}
            onClick={() => onOpen(!isOpen)}
          >
            {isOpen ? t('staff.close') : t('staff.change')}
          </button>
        )}
      </div>
      {mayManage && isOpen && (
        <div id={id}>
          <PersonActs person={person} isMe={isMe} mayChangeRole={mayChangeRole} onLink={onLink} onChanged={onChanged} />
        </div>
      )}
    </li>
  )
}
