import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { BikeLockSettings } from '../../contracts/http/lock-settings.ts'
import type { LockSettings } from '../../contracts/mqtt/config.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi } from '../ops-api.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { SettingsFields } from './settings-fields.tsx'
import { settingsOfTexts, textsOfSettings } from './settings-form.ts'
import { SettingsHistory } from './settings-history.tsx'
import { allSettings, valueWords } from './settings-words.ts'

/** What is set in this lock, whether it goes by it, and who set it. */
export function LockSettingsCard({
  bikeId,
  number,
  onRefused,
}: {
  readonly bikeId: string
  readonly number: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const queries = useQueryClient()
  const path = `/v1/staff/bikes/${bikeId}/lock-settings`
  const asked = useAsked<BikeLockSettings>(path, onRefused)
  useDeskEvents((event) => {
    if (event.kind === 'again' || (event.kind === 'bike' && event.bikeId === bikeId)) {
      void queries.invalidateQueries({ queryKey: [path] })
    }
  })
  return (
    <section className="card stack" aria-labelledby="bike-settings">
      <h2 id="bike-settings">{t('bikes.set.title')}</h2>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && asked.data === undefined && (
        <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
      )}
      {asked.data !== undefined && (
        <Settings
          view={asked.data}
          {...{ path, number }}
          onView={(view) => queries.setQueryData<BikeLockSettings>([path], view)}
        />
      )}
    </section>
  )
}

interface SettingsProperties {
  readonly view: BikeLockSettings
  readonly path: string
  readonly number: string
  readonly onView: (view: BikeLockSettings) => void
}

function Settings({ view, path, number, onView }: SettingsProperties) {
  const spoken = useText()
  const { t } = spoken
  const mayWrite = mayI(useMe(), 'bike.command')
  const [isEditing, setEditing] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const { own, wanted, standing, refusal, changes } = view
  const put = async (settings: LockSettings, reason: string, basis: number): Promise<Refused | null> => {
    const kept = Object.keys(settings).length === 0 ? null : settings
    const body = { settings: kept, reason, basis }
    const answer = await opsApi.send<BikeLockSettings>(path, { method: 'PUT', body })
    if (answer.kind === 'refused') return answer
    onView(answer.value)
    return null
  }
  const isGuarded = wanted.guard === 1
  const toWorkshop = () => {
    const { guard: _, ...others } = own ?? {}
    // Where nobody guards by default, guarding is a setting of this bike's own.
    const guarded = view.usual.guard === 1 ? others : { ...others, guard: 1 }
    const settings = isGuarded ? { ...others, guard: 0 } : guarded
    setRefused(null)
    const reason = t(isGuarded ? 'bikes.set.workshop_reason' : 'bikes.set.back_reason')
    void put(settings, reason, view.version).then(setRefused)
  }
  return (
    <>
      <p role="status">
        <strong className={`badge ${standing === 'refused' ? 'bad' : ''}`}>{t(`bikes.set.is.${standing}`)}</strong>{' '}
        <span className="small soft">{t(`bikes.set.is.${standing}_what`)}</span>
      </p>
      {standing === 'refused' && refusal !== null && <p className="notice warn">{t(`bikes.set.why.${refusal.why}`)}</p>}
      {!isGuarded && <p className="notice warn">{t('bikes.set.unguarded')}</p>}
      <dl className="bike-facts">
        {allSettings.map((setting) => (
          <div key={setting}>
            <dt>{t(`bikes.set.${setting}`)}</dt>
            <dd className="number">
              {valueWords(spoken, setting, wanted[setting])}
              {own?.[setting] !== undefined && <span className="small soft"> · {t('bikes.set.own')}</span>}
            </dd>
          </div>
        ))}
      </dl>
      {mayWrite && (
        <div className="row wrap">
          <button type="button" className="button" onClick={toWorkshop}>
            {t(isGuarded ? 'bikes.set.workshop' : 'bikes.set.back')}
          </button>
          <button type="button" className="button" onClick={() => setEditing(true)}>
            {t('bikes.set.edit')}
          </button>
        </div>
      )}
      {refused !== null && <RefusalNotice refused={refused} />}
      <SettingsHistory changes={changes} />
      <p className="small">
        <Link href="/locks/settings">{t('bikes.set.of_all')}</Link>
      </p>
      {isEditing && <EditSettings view={view} number={number} onPut={put} onClose={() => setEditing(false)} />}
    </>
  )
}

function EditSettings({
  view,
  number,
  onPut,
  onClose,
}: {
  readonly view: BikeLockSettings
  readonly number: string
  readonly onPut: (settings: LockSettings, reason: string, basis: number) => Promise<Refused | null>
  readonly onClose: () => void
}) {
  const { t } = useText()
  const [texts, setTexts] = useState(() => textsOfSettings(view.own))
  // What is edited is what was there when it was opened, whatever colleagues do meanwhile.
  const [basis] = useState(view.version)
  const settings = settingsOfTexts(texts)
  return (
    <ReasonDialog
      title={t('bikes.set.edit_title', { number: formatBikeNumber(number) })}
      what={t('bikes.set.edit_what')}
      confirm={t('bikes.set.save')}
      isDanger={false}
      onConfirm={async (reason) =>
        settings === null ? { kind: 'refused', code: 'bad_request' } : onPut(settings, reason, basis)
      }
      onClose={onClose}
    >
      <SettingsFields
        texts={texts}
        usual={view.usual}
        onText={(setting, text) => setTexts({ ...texts, [setting]: text })}
      />
    </ReasonDialog>
  )
}
