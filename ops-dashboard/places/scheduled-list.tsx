import { useId, useState } from 'react'
import { Link } from 'wouter'
import type { ZoneCallOff, ZoneEditResult, ZoneProblem, ZonesScheduled } from '../../contracts/http/zones.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { ConfirmDialog } from '../frame/confirm-dialog.tsx'
import { opsApi } from '../ops-api.ts'
import { problemSentence } from './edit/problem-sentence.ts'

type Change = ZonesScheduled['changes'][number]

/** Changes of zones that have not begun yet, the next one first; each can still be called off. */
export function ScheduledList({
  scheduled,
  mayEdit,
  onChanged,
}: {
  readonly scheduled: ZonesScheduled
  readonly mayEdit: boolean
  readonly onChanged: () => void
}) {
  const { t, tag, ofCode } = useText()
  const id = useId()
  const [meant, setMeant] = useState<Change | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [problems, setProblems] = useState<readonly ZoneProblem[]>([])
  const { changes, more } = scheduled
  const when = (atMs: number) => `${formatDay(tag, atMs)}, ${formatClock(tag, atMs)}`
  const close = () => {
    setMeant(null)
    setRefused(null)
    setProblems([])
  }
  const callOff = async ({ zoneId, version }: Change) => {
    setBusy(true)
    const answer = await opsApi.send<ZoneEditResult>(`/v1/staff/zones/${zoneId}/versions/${version}/call-off`, {
      method: 'POST',
      body: { dryRun: false, acceptOutside: true } satisfies ZoneCallOff,
    })
    setBusy(false)
    setRefused(answer.kind === 'refused' ? answer : null)
    setProblems(answer.kind === 'ok' ? answer.value.problems : [])
    if (answer.kind === 'ok' && answer.value.done) close()
    onChanged()
  }
  if (changes.length === 0) return null
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('zones.scheduled')}</h2>
      <ol className="scheduled">
        {changes.map((change) => (
          <li key={`${change.zoneId}${change.version}`} className="row wrap spread">
            <span>
              <strong className="number">{when(change.holdsFrom)}</strong> · {t(`zones.what.${change.what}`)} ·{' '}
              <Link href={`/places/edit/${change.zoneId}`}>{change.name}</Link>{' '}
              <span className="small soft">
                {t(`places.kind.${change.kind}`)} ·{' '}
                {t('places.made_by', { time: when(change.madeAt), who: change.madeBy ?? t('places.platform') })}
              </span>
            </span>
            {mayEdit && (
              <button
                type="button"
                className="button"
                aria-label={t('zones.call_off_of', { name: change.name })}
                onClick={() => setMeant(change)}
              >
                {t('zones.call_off')}
              </button>
            )}
          </li>
        ))}
      </ol>
      {more && <p className="small soft">{t('zones.scheduled_more')}</p>}
      {meant !== null && (
        <ConfirmDialog
          title={t('zones.call_off_title', { name: meant.name })}
          confirm={t('zones.call_off')}
          isBusy={isBusy}
          onConfirm={() => void callOff(meant)}
          onClose={close}
        >
          <p>{t('zones.call_off_what', { time: when(meant.holdsFrom) })}</p>
          {refused !== null && <RefusalNotice refused={refused} />}
          {problems.length > 0 && (
            <ul className="notice bad" role="alert">
              {problems.map((problem) => (
                <li key={`${problem.code}${problem.sentence}`}>{problemSentence({ t, ofCode }, problem)}</li>
              ))}
            </ul>
          )}
        </ConfirmDialog>
      )}
    </section>
  )
}
