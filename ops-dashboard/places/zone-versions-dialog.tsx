import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ZoneFeature, ZoneVersions } from '../../contracts/http/zones.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'

/** What a zone was and will be, newest first, and who made it so. */
export function ZoneVersionsDialog({ zone, onClose }: { readonly zone: ZoneFeature; readonly onClose: () => void }) {
  const { t, tag } = useText()
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
                  </span>
                </span>
              </li>
            )
          })}
        </ol>
      </div>
    </dialog>
  )
}
