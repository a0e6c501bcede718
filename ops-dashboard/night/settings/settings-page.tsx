import './settings.css'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { NightSettings } from '../../../contracts/http/nights.ts'
import type { Refused } from '../../../ui-kit/api/api-client.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../../ui-kit/notices.tsx'
import { PageFrame } from '../../frame/page-frame.tsx'
import { opsApi } from '../../ops-api.ts'
import { refusedOf, useAsked } from '../../use-asked.ts'
import { DepotFields } from './depot-fields.tsx'
import { NumberField } from './fields.tsx'
import { type Draft, draftOf, type Faults, type PlacedSentence, placeSentences, readDraft } from './settings-draft.ts'
import { TimeFields } from './time-fields.tsx'
import { useUnsavedWarning } from './use-unsaved-warning.ts'
import { VanFields } from './van-fields.tsx'

const path = '/v1/staff/night/settings'

/** How nights are planned: vans, depots, hours, and what driving counts beside rides. */
export function SettingsPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const asked = useAsked<NightSettings>(path, onRefused)
  return (
    <PageFrame title={t('night.s.title')}>
      <div className="row spread wrap">
        <h1>{t('night.s.title')}</h1>
        <Link href="/night" className="button">
          {t('night.s.back')}
        </Link>
      </div>
      <p className="soft">{t('night.s.intro')}</p>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && <SettingsForm settings={asked.data} />}
    </PageFrame>
  )
}

function SettingsForm({ settings }: { readonly settings: NightSettings }) {
  const { t } = useText()
  const queries = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() => draftOf(settings))
  const [faults, setFaults] = useState<Faults>({})
  const [placed, setPlaced] = useState<readonly PlacedSentence[]>([])
  const [refused, setRefused] = useState<Refused | null>(null)
  const [saving, setSaving] = useState<'no' | 'busy' | 'done'>('no')
  const saved = useMemo(() => JSON.stringify(draftOf(settings)), [settings])
  const isUnsaved = JSON.stringify(draft) !== saved
  useUnsavedWarning(isUnsaved, t('night.s.leave'))
  const form = useRef<HTMLFormElement>(null)
  const wrong = Object.keys(faults).length + placed.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: led to the first fault of each try
  useEffect(() => {
    if (wrong > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [faults, placed])

  const change = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next })
    setSaving('no')
  }
  const save = async () => {
    setRefused(null)
    setPlaced([])
    const read = readDraft(draft)
    if ('faults' in read) {
      setFaults(read.faults)
      return
    }
    setFaults({})
    setSaving('busy')
    const answer = await opsApi.send<NightSettings>(path, { method: 'PUT', body: read.settings })
    if (answer.kind === 'ok') {
      queries.setQueryData([path], answer.value)
      setDraft(draftOf(answer.value))
      setSaving('done')
      return
    }
    setSaving('no')
    setRefused(answer)
    setPlaced(answer.detail === undefined ? [] : placeSentences(answer.detail, draft))
  }
  const shared = { draft, faults, placed, onChange: change }
  return (
    <form
      ref={form}
      className="settings stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <TimeFields {...shared} />
      <VanFields {...shared} />
      <DepotFields {...shared} />
      <fieldset className="card stack">
        <legend>{t('night.s.handling')}</legend>
        <div className="field-grid">
          <NumberField {...shared} field="stopMinutes" />
          <NumberField {...shared} field="minutesPerBike" />
          <NumberField {...shared} field="idleHours" />
          <NumberField {...shared} field="lowBatteryPercent" />
        </div>
      </fieldset>
      <fieldset className="card stack">
        <legend>{t('night.s.costs')}</legend>
        <p className="small soft">{t('night.s.costs_how')}</p>
        <div className="field-grid">
          <NumberField {...shared} field="ridesPerKm" />
          <NumberField {...shared} field="ridesPerHour" />
          <NumberField {...shared} field="ridesPerVan" />
        </div>
      </fieldset>
      <div className="save-bar">
        {refused !== null && (
          <RefusalNotice refused={refused}>
            {placed
              .filter(({ field }) => field === null)
              .map(({ sentence }) => (
                <p key={sentence}>{sentence}</p>
              ))}
          </RefusalNotice>
        )}
        <div className="row end wrap">
          <p role="status" className="small">
            {saving === 'done' && t('night.s.saved')}
            {wrong > 0 && refused === null && t('night.s.wrong', { count: wrong })}
            {isUnsaved && saving === 'no' && wrong === 0 && t('night.s.unsaved')}
          </p>
          <button
            type="button"
            className="button"
            disabled={!isUnsaved}
            onClick={() => {
              setDraft(draftOf(settings))
              setFaults({})
              setPlaced([])
              setRefused(null)
            }}
          >
            {t('night.s.reset')}
          </button>
          <button type="submit" className="button main" disabled={!isUnsaved || saving === 'busy'}>
            {t('night.s.save')}
          </button>
        </div>
      </div>
    </form>
  )
}
