import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type {
  ZoneBringBack,
  ZoneEditResult,
  ZoneFeature,
  ZoneProblem,
  ZoneVersions,
} from '../../contracts/http/zones.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { problemSentence } from './edit/problem-sentence.ts'

/** What a zone was and will be, newest first, and who made it so. */
export function ZoneVersionsDialog({
  zone,
  onChanged,
  onClose,
}: {
  readonly zone: ZoneFeature
  /** An older version was brought back. */
  readonly onChanged: () => void
  readonly onClose: () => void
}) {
  const { t, tag, ofCode } = useText()
  const me = useMe()
  const queries = useQueryClient()
  const [refused, setRefused] = useState<Refused | null>(null)
  const [problems, setProblems] = useState<readonly ZoneProblem[]>([])
  const box = useRef<HTMLDialogElement>(null)
  const { zoneId, name } = zone.properties
  const path = `/v1/staff/zones/${zoneId}/versions`
  const asked = useQuery<ZoneVersions, AskFault>({
    queryKey: [path],
    queryFn: () => valueOrThrow(opsApi.get<ZoneVersions>(path)),
  })
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  const newest = asked.data?.versions.at(-1)?.feature.properties.version ?? 1
  const bringBack = async (version: number) => {
    const answer = await opsApi.send<ZoneEditResult>(`/v1/staff/zones/${zoneId}/bring-back`, {
      method: 'POST',
      body: { version, expectedVersion: newest, dryRun: false, acceptOutside: true } satisfies ZoneBringBack,
    })
    setRefused(answer.kind === 'refused' ? answer : null)
    setProblems(answer.kind === 'ok' ? answer.value.problems : [])
    await queries.invalidateQueries({ queryKey: [path] })
    if (answer.kind === 'ok' && answer.value.done) {
      onChanged()
      onClose()
    }
  }
  const when = (atMs: number) => `${formatDay(tag, atMs)}, ${formatClock(tag, atMs)}`
  return (
    <dialog ref={box} className="versions" aria-labelledby="versions-title" onClose={onClose}>
      <div className="stack">
        <div className="row spread">
          <h2 id="versions-title">{t('places.versions_of', { name })}</h2>
          <button type="button" className="button" onClick={onClose}>
            {t('ops.close')}
          </button>
        </div>
        {asked.isPending && <Waiting text={t('app.loading')} />}
        {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
        {refused !== null && (
          <RefusalNotice refused={refused}>
            {refused.detail !== undefined && <p className="small">{refused.detail}</p>}
          </RefusalNotice>
        )}
        {problems.length > 0 && (
          <div className="notice bad" role="alert">
            <p>{t('zones.cannot_bring_back')}</p>
            <ul>
              {problems.map((problem) => (
                <li key={`${problem.code}${problem.sentence}`}>{problemSentence({ t, ofCode }, problem)}</li>
              ))}
            </ul>
          </div>
        )}
        <ol className="version-list">
          {asked.data?.versions.toReversed().map((version) => {
            const { version: number = 1, holdsFrom, capacity, minBikes, maxBikes } = version.feature.properties
            return (
              <li key={number}>
                <strong className="number">{number}</strong>
                <span>
                  {version.removed
                    ? t('places.removed')
                    : capacity === undefined
                      ? t(number === 1 ? 'places.made_new' : 'places.shape')
                      : t('places.room', { capacity, min: minBikes ?? 0, max: maxBikes ?? capacity })}
                  <span className="small soft number">
                    {holdsFrom !== undefined && t('places.holds_since', { time: when(holdsFrom) })}{' '}
                    {t('places.made_by', {
                      time: when(version.madeAt),
                      who: version.madeBy ?? t('places.platform'),
                    })}
                    {version.calledOff !== undefined &&
                      ` ${t('zones.called_off_by', { who: version.calledOff.by ?? t('places.platform'), time: when(version.calledOff.at) })}`}
                  </span>
                  {mayI(me, 'zone.edit') &&
                    !version.removed &&
                    (number !== newest || version.calledOff !== undefined) && (
                      <button type="button" className="button" onClick={() => void bringBack(number)}>
                        {t('zones.bring_back', { version: number })}
                      </button>
                    )}
                </span>
              </li>
            )
          })}
        </ol>
      </div>
    </dialog>
  )
}
