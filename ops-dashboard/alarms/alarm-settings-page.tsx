import './alarms.css'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { Link } from 'wouter'
import type { AlarmSettings, AlarmTrial } from '../../contracts/http/alarms.ts'
import type { AlarmKind } from '../../contracts/live/alarm-kinds.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { TableBox } from '../frame/table-box.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { opsApi } from '../ops-api.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { type NumberField, rules, settingsIn, textsOf } from './settings-fields.ts'
import { useTrial } from './use-trial.ts'

const path = '/v1/staff/alarm-settings'

/** From when on rules raise an alarm, and how many bikes they would tell of. */
export function AlarmSettingsPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const asked = useAsked<AlarmSettings>(path, onRefused)
  return (
    <PageFrame title={t('alarms.settings')}>
      <p>
        <Link href="/alarms">← {t('alarms.title')}</Link>
      </p>
      <h1>{t('alarms.settings')}</h1>
      <p className="soft columns-narrow">{t('alarms.settings_how')}</p>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {asked.data !== undefined && <SettingsForm settings={asked.data} />}
    </PageFrame>
  )
}

function SettingsForm({ settings }: { readonly settings: AlarmSettings }) {
  const { t } = useText()
  const mayWrite = mayI(useMe(), 'alarm.settings')
  const queries = useQueryClient()
  const [texts, setTexts] = useState(() => textsOf(settings))
  const [off, setOff] = useState<readonly AlarmKind[]>(settings.off)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isSaved, setSaved] = useState(false)
  const wanted = settingsIn(texts, off)
  const trial = useTrial(mayWrite ? wanted : null)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (wanted === null) return
    setSaved(false)
    const answer = await opsApi.send<AlarmSettings>(path, { method: 'PUT', body: wanted })
    setRefused(answer.kind === 'refused' ? answer : null)
    setSaved(answer.kind === 'ok')
    if (answer.kind === 'ok') void queries.invalidateQueries({ queryKey: [path] })
  }
  return (
    <form className="card stack" noValidate onSubmit={(event) => void save(event)}>
      <TableBox label={t('alarms.settings')} className="rule-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('alarms.rule')}</th>
              <th scope="col">{t('alarms.on')}</th>
              <th scope="col">{t('alarms.threshold')}</th>
              <th scope="col">{t('alarms.now')}</th>
              <th scope="col">{t('alarms.would')}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map(({ kind, fields }) => (
              <RuleRow
                key={kind}
                kind={kind}
                fields={fields}
                texts={texts}
                isOn={!off.includes(kind)}
                mayWrite={mayWrite}
                told={trial.kinds.find((one) => one.kind === kind)}
                isOfThese={trial.state === 'of_these'}
                onText={(field, text) => setTexts({ ...texts, [field]: text })}
                onTurn={() => setOff(off.includes(kind) ? off.filter((one) => one !== kind) : [...off, kind])}
              />
            ))}
          </tbody>
        </table>
      </TableBox>
      <p role="status" className="small soft trial-state">
        {trial.state === 'of_others' && t('alarms.would_of_others')}
      </p>
      {trial.refused !== null && <RefusalNotice refused={trial.refused} onAgain={trial.again} />}
      {refused !== null && <RefusalNotice refused={refused} />}
      {wanted === null && <p className="wrong">{t('alarms.settings_wrong')}</p>}
      <p role="status">{isSaved && t('alarms.saved')}</p>
      {mayWrite && (
        <div className="row end">
          <button type="submit" className="button main" disabled={wanted === null}>
            {t('alarms.save')}
          </button>
        </div>
      )}
    </form>
  )
}

function RuleRow({
  kind,
  fields,
  texts,
  isOn,
  mayWrite,
  told,
  isOfThese,
  onText,
  onTurn,
}: {
  readonly kind: AlarmKind
  readonly fields: readonly NumberField[]
  readonly texts: Readonly<Record<string, string>>
  readonly isOn: boolean
  readonly mayWrite: boolean
  readonly told: AlarmTrial['kinds'][number] | undefined
  readonly isOfThese: boolean
  readonly onText: (field: string, text: string) => void
  readonly onTurn: () => void
}) {
  const { t, ofCode } = useText()
  const id = useId()
  const name = ofCode(`alarm.${kind}`, 'alarm.other')
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <label className="row pick">
          <input type="checkbox" checked={isOn} disabled={!mayWrite} onChange={onTurn} />
          <span className="visually-hidden">{t('alarms.rule_on', { name })}</span>
        </label>
      </td>
      <td>
        <div className="row wrap">
          {fields.map(({ field, least, most }) => {
            const value = Number(texts[field])
            const isRight = Number.isInteger(value) && value >= least && value <= most
            return (
              <div key={field} className="field rule-field">
                <label htmlFor={`${id}-${field}`} className="small">
                  {t(`alarms.field.${field}`)}
                </label>
                <input
                  id={`${id}-${field}`}
                  inputMode="numeric"
                  readOnly={!mayWrite}
                  value={texts[field]}
                  aria-invalid={!isRight}
                  aria-describedby={isRight ? undefined : `${id}-${field}-wrong`}
                  onChange={(event) => onText(field, event.target.value.trim())}
                />
                {!isRight && (
                  <span id={`${id}-${field}-wrong`} className="wrong">
                    {least}–{most}
                  </span>
                )}
              </div>
            )
          })}
        </div>
      </td>
      <td className="number">{told?.now ?? '–'}</td>
      <td className="number">
        {isOfThese ? (
          <strong>{told?.would ?? '–'}</strong>
        ) : (
          <span className="soft">{told === undefined ? '–' : `(${told.would})`}</span>
        )}
      </td>
    </tr>
  )
}
