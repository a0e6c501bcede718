import './bike-page.css'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import type { FleetLockSettings, SettingsStanding } from '../../contracts/http/lock-settings.ts'
import { factoryValues } from '../../contracts/mqtt/setting-ranges.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { opsApi } from '../ops-api.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { SettingsFields } from './settings-fields.tsx'
import { settingsOfTexts, textsOfSettings } from './settings-form.ts'
import { SettingsHistory } from './settings-history.tsx'
import { changeWords } from './settings-words.ts'

const path = '/v1/staff/lock-settings'
/** How many locks have taken it moves on by itself. */
const lookAgainEveryMs = 5_000
const shortestReason = 3
const standings: readonly SettingsStanding[] = ['in_use', 'waiting', 'refused', 'ahead', 'factory', 'unheard']

/** What is set in every lock that has nothing of its own: /ops/locks/settings. */
export function FleetSettingsPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const asked = useAsked<FleetLockSettings>(path, onRefused, lookAgainEveryMs)
  return (
    <PageFrame title={t('bikes.set.all_title')}>
      <h1>{t('bikes.set.all_title')}</h1>
      <p className="soft">{t('bikes.set.all_what')}</p>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && asked.data === undefined && (
        <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
      )}
      {asked.data !== undefined && (
        <>
          <Standings view={asked.data} />
          <SettingsForm view={asked.data} />
        </>
      )}
    </PageFrame>
  )
}

function Standings({ view }: { readonly view: FleetLockSettings }) {
  const { t } = useText()
  const shown = standings.filter((standing) => view.standings[standing] > 0)
  return (
    <section className="card stack" aria-labelledby="all-standings">
      <h2 id="all-standings">{t('bikes.set.how_far')}</h2>
      <dl className="bike-facts">
        {shown.map((standing) => (
          <div key={standing}>
            <dt>{t(`bikes.set.is.${standing}`)}</dt>
            <dd className="number">{view.standings[standing]}</dd>
          </div>
        ))}
        <div>
          <dt>{t('bikes.set.own_count')}</dt>
          <dd className="number">{view.ownCount}</dd>
        </div>
      </dl>
    </section>
  )
}

function SettingsForm({ view }: { readonly view: FleetLockSettings }) {
  const spoken = useText()
  const { t } = spoken
  const id = useId()
  const queries = useQueryClient()
  const mayWrite = mayI(useMe(), 'lock.settings')
  const [texts, setTexts] = useState(() => textsOfSettings(view.settings))
  // A form that somebody fills in is not emptied by what others save: the server says so when it is sent.
  const [basis, setBasis] = useState(view.version)
  const [reason, setReason] = useState('')
  const [refused, setRefused] = useState<Refused | null>(null)
  const settings = settingsOfTexts(texts)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (settings === null) return
    setRefused(null)
    const body = { settings, reason: reason.trim(), basis }
    const answer = await opsApi.send<FleetLockSettings>(path, { method: 'PUT', body })
    if (answer.kind === 'refused') return setRefused(answer)
    setBasis(answer.value.version)
    setReason('')
    queries.setQueryData<FleetLockSettings>([path], answer.value)
  }
  // Only what a colleague saved meanwhile replaces what was typed, and never by the view that is old by now.
  const lookAgain = async () => {
    const answer = await opsApi.get<FleetLockSettings>(path)
    if (answer.kind === 'refused') return setRefused(answer)
    queries.setQueryData<FleetLockSettings>([path], answer.value)
    setTexts(textsOfSettings(answer.value.settings))
    setBasis(answer.value.version)
    setRefused(null)
  }
  const onAgain = refused?.code === 'settings_changed' ? () => void lookAgain() : undefined
  return (
    <form className="card stack" noValidate onSubmit={(event) => void save(event)}>
      <h2>{t('bikes.set.title')}</h2>
      {mayWrite ? (
        <>
          <SettingsFields
            texts={texts}
            usual={factoryValues}
            onText={(setting, text) => setTexts({ ...texts, [setting]: text })}
          />
          <div className="field">
            <label htmlFor={`${id}-reason`}>{t('ops.reason')}</label>
            <input
              id={`${id}-reason`}
              type="text"
              maxLength={200}
              value={reason}
              aria-describedby={`${id}-hint`}
              onChange={(event) => setReason(event.target.value)}
            />
            <p id={`${id}-hint`} className="hint">
              {t('ops.reason_hint')}
            </p>
          </div>
          {refused !== null && <RefusalNotice refused={refused} onAgain={onAgain} />}
          <div className="row end">
            <button
              type="submit"
              className="button main"
              disabled={settings === null || reason.trim().length < shortestReason}
            >
              {t('bikes.set.save_all')}
            </button>
          </div>
        </>
      ) : (
        <p>{changeWords(spoken, view.wanted)}</p>
      )}
      <SettingsHistory changes={view.changes} />
    </form>
  )
}
