import './people.css'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { People } from '../../contracts/http/crews.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { findPeople } from './find-people.ts'
import { type FreshLink, LinkOnce } from './link-once.tsx'
import { NewPersonForm } from './new-person-form.tsx'
import { peoplePath } from './people-path.ts'
import { PersonRow } from './person-row.tsx'

/** Colleagues: who may do what, who is switched off, and the links with which they log in. */
export function PeoplePage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const queries = useQueryClient()
  const me = useMe()
  const asked = useAsked<People>(peoplePath, onRefused)
  const [address, setAddress] = useSearchParams()
  const [fresh, setFresh] = useState<FreshLink | null>(null)
  const query = address.get('q') ?? ''
  const withOff = address.get('off') === '1'
  const open = address.get('person')
  const put = (name: string, value: string | null) =>
    setAddress(
      (before) => {
        const next = new URLSearchParams(before)
        if (value === null || value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  const onChanged = () => void queries.invalidateQueries({ queryKey: [peoplePath] })
  const all = asked.data?.people ?? []
  const shown = findPeople(all, query, withOff)
  const managesAll = mayI(me, 'people.manage')
  const managesCrews = mayI(me, 'crews.manage')
  const off = all.filter(({ endedAt }) => endedAt !== null).length
  return (
    <PageFrame title={t('staff.people')}>
      <h1>{t('staff.people')}</h1>
      {managesCrews && (
        <NewPersonForm
          crewsOnly={!managesAll}
          onMade={(link) => {
            setFresh(link)
            onChanged()
          }}
        />
      )}
      {fresh !== null && <LinkOnce key={fresh.url} link={fresh} onClose={() => setFresh(null)} />}
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && (
        <section className="card stack" aria-labelledby="people-list">
          <div className="row spread wrap">
            <h2 id="people-list">{t('staff.colleagues', { count: shown.length })}</h2>
            <div className="row wrap">
              <input
                type="search"
                className="select find"
                aria-label={t('staff.find_person')}
                placeholder={t('staff.find_person')}
                value={query}
                onChange={(event) => put('q', event.target.value)}
              />
              {off > 0 && (
                <button
                  type="button"
                  className="button"
                  aria-pressed={withOff}
                  onClick={() => put('off', withOff ? null : '1')}
                >
                  {t('staff.with_off', { count: off })}
                </button>
              )}
            </div>
          </div>
          {shown.length === 0 && <p className="soft">{t('staff.nobody_found')}</p>}
          <ul className="people">
            {shown.map((person) => (
              <PersonRow
                key={person.staffId}
                person={person}
                isMe={person.staffId === me?.staffId}
                mayManage={managesAll || (managesCrews && person.role === 'crew')}
                mayChangeRole={managesAll}
                isOpen={open === person.staffId}
                onOpen={(isOpen) => put('person', isOpen ? person.staffId : null)}
                onLink={setFresh}
                onChanged={onChanged}
              />
            ))}
          </ul>
        </section>
      )}
    </PageFrame>
  )
}
