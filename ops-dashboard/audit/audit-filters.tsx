import { type FormEvent, useId, useState } from 'react'
import type { People } from '../../contracts/http/crews.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { peoplePath } from '../people/people-path.ts'
import { useAsked } from '../use-asked.ts'
import { actKinds, filterOf } from './act-words.ts'
import type { AuditView } from './audit-address.ts'

/** Who, what, about what, and when. Choices hold at once; typed text with Enter or the button. */
export function AuditFilters({
  view,
  onShow,
  onRefused,
}: {
  readonly view: AuditView
  readonly onShow: (next: Partial<AuditView>) => void
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const id = useId()
  const people = useAsked<People>(peoplePath, onRefused).data?.people ?? []
  const [about, setAbout] = useState(view.about)
  const search = (event: FormEvent) => {
    event.preventDefault()
    onShow({ about: about.trim() })
  }
  return (
    <form className="card audit-filters" aria-label={t('staff.filters')} onSubmit={search}>
      <div className="field">
        <label htmlFor={`${id}-who`}>{t('staff.who')}</label>
        <select id={`${id}-who`} value={view.who} onChange={(event) => onShow({ who: event.target.value })}>
          <option value="">{t('staff.everybody')}</option>
          {people.map(({ staffId, name }) => (
            <option key={staffId} value={staffId}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-what`}>{t('staff.what')}</label>
        <select id={`${id}-what`} value={view.what} onChange={(event) => onShow({ what: event.target.value })}>
          <option value="">{t('staff.everything')}</option>
          {actKinds.map((kind) => (
            <option key={kind} value={filterOf(kind)}>
              {t(`staff.may.${kind}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-from`}>{t('staff.from')}</label>
        <input
          id={`${id}-from`}
          type="date"
          value={view.from}
          onChange={(event) => onShow({ from: event.target.value })}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-to`}>{t('staff.to')}</label>
        <input id={`${id}-to`} type="date" value={view.to} onChange={(event) => onShow({ to: event.target.value })} />
      </div>
      <div className="field about">
        <label htmlFor={`${id}-about`}>{t('staff.about')}</label>
        <input
          id={`${id}-about`}
          type="search"
          maxLength={120}
          placeholder={t('staff.about_how')}
          value={about}
          onChange={(event) => setAbout(event.target.value)}
        />
      </div>
      <button type="submit" className="button bottom">
        {t('staff.find')}
      </button>
    </form>
  )
}
