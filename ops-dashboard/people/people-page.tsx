import './people.css'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import type { People, PersonLink } from '../../contracts/http/crews.ts'
import { type StaffRole, staffRoles } from '../../contracts/permissions.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { opsApi } from '../ops-api.ts'
import { refusedOf, useAsked } from '../use-asked.ts'

const path = '/v1/staff/people'
const roles = [...staffRoles].reverse()

interface FreshLink {
  readonly name: string
  readonly url: string
}

/** Colleagues, and the links with which they log in: each is shown once and works once. */
export function PeoplePage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t, tag } = useText()
  const queries = useQueryClient()
  const asked = useAsked<People>(path, onRefused)
  const [fresh, setFresh] = useState<FreshLink | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)

  const ask = async (name: string, to: string, body: unknown): Promise<boolean> => {
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<PersonLink>(to, { method: 'POST', ...(body === null ? {} : { body }) })
    setBusy(false)
    if (answer.kind === 'refused') {
      setRefused(answer)
      return false
    }
    setFresh({ name, url: answer.value.url })
    void queries.invalidateQueries({ queryKey: [path] })
    return true
  }
  return (
    <PageFrame title={t('people.title')}>
      <h1>{t('people.title')}</h1>
      <NewPersonForm isBusy={isBusy} onMake={(name, role) => ask(name, path, { name, role })} />
      {refused !== null && <RefusalNotice refused={refused} />}
      {fresh !== null && <LinkOnce key={fresh.url} link={fresh} onClose={() => setFresh(null)} />}
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && (
        <section className="card stack" aria-labelledby="people-list">
          <h2 id="people-list">{t('people.list')}</h2>
          <ul className="people">
            {asked.data.people.map(({ staffId, name, role, since }) => (
              <li key={staffId}>
                <span>
                  <strong>{name}</strong>{' '}
                  <span className="small soft">
                    {t(`people.role.${role}`)} · {t('people.since', { day: formatDay(tag, since) })}
                  </span>
                </span>
                <button
                  type="button"
                  className="button"
                  disabled={isBusy}
                  aria-label={t('people.link_for', { name })}
                  onClick={() => void ask(name, `${path}/${staffId}/links`, null)}
                >
                  {t('people.new_link')}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </PageFrame>
  )
}

function NewPersonForm({
  isBusy,
  onMake,
}: {
  readonly isBusy: boolean
  readonly onMake: (name: string, role: StaffRole) => Promise<boolean>
}) {
  const { t } = useText()
  const id = useId()
  const [name, setName] = useState('')
  const [role, setRole] = useState<StaffRole>('crew')
  return (
    <form
      className="card stack"
      aria-labelledby={`${id}-title`}
      onSubmit={(event) => {
        event.preventDefault()
        void onMake(name.trim(), role).then((made) => {
          if (made) setName('')
        })
      }}
    >
      <h2 id={`${id}-title`}>{t('people.new')}</h2>
      <div className="row wrap">
        <div className="field grow">
          <label htmlFor={`${id}-name`}>{t('people.name')}</label>
          <input
            id={`${id}-name`}
            required
            maxLength={60}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-role`}>{t('people.role')}</label>
          <select id={`${id}-role`} value={role} onChange={(event) => setRole(event.target.value as StaffRole)}>
            {roles.map((one) => (
              <option key={one} value={one}>
                {t(`people.role.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <button type="submit" className="button main bottom" disabled={isBusy || name.trim() === ''}>
          {t('people.make')}
        </button>
      </div>
      <p className="small soft">{t(`people.role.${role}_how`)}</p>
    </form>
  )
}

/** The link itself: it is not kept anywhere, so it is shown until it is put away. */
function LinkOnce({ link, onClose }: { readonly link: FreshLink; readonly onClose: () => void }) {
  const { t } = useText()
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [told, setTold] = useState<'people.copied' | 'people.copy_by_hand' | null>(null)
  useEffect(() => heading.current?.focus(), [])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link.url)
      setTold('people.copied')
    } catch {
      // not allowed, or no secure address: then it is marked, to be copied by hand
      field.current?.select()
      setTold('people.copy_by_hand')
    }
  }
  return (
    <section className="notice good" aria-labelledby={`${id}-title`}>
      <h2 ref={heading} id={`${id}-title`} tabIndex={-1}>
        {t('people.link_for', { name: link.name })}
      </h2>
      <p>{t('people.once')}</p>
      <div className="row wrap">
        <input
          ref={field}
          className="select grow one-time"
          readOnly
          aria-label={t('people.link')}
          value={link.url}
          onFocus={(event) => event.target.select()}
        />
        <button type="button" className="button main" onClick={() => void copy()}>
          {t('people.copy')}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t('people.put_away')}
        </button>
      </div>
      <p role="status" className="small">
        {told !== null && t(told)}
      </p>
    </section>
  )
}
