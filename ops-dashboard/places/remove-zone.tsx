import { useCallback, useEffect, useId, useState } from 'react'
import type { ZoneEditResult, ZoneFeature, ZoneRemoval } from '../../contracts/http/zones.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { cityZone } from '../../ui-kit/city-zone.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { ConfirmDialog } from '../frame/confirm-dialog.tsx'
import { opsApi } from '../ops-api.ts'
import { momentInZone } from './moment-in-zone.ts'

/** A button that asks first, with what stands in the zone and from when it is gone. */
export function RemoveZone({
  zone,
  version,
  onRemoved,
}: {
  readonly zone: ZoneFeature
  readonly version: number
  readonly onRemoved: () => void
}) {
  const { t } = useText()
  const id = useId()
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [from, setFrom] = useState('')
  const [refused, setRefused] = useState<Refused | null>(null)
  const [would, setWould] = useState<ZoneEditResult | null>(null)
  const { zoneId, name } = zone.properties
  const send = useCallback(
    (dryRun: boolean, from: number | null) =>
      opsApi.send<ZoneEditResult>(`/v1/staff/zones/${zoneId}/removal`, {
        method: 'POST',
        body: {
          ...{ expectedVersion: version, dryRun, acceptOutside: true },
          ...(from === null ? {} : { holdsFrom: from as never }),
        } satisfies ZoneRemoval,
      }),
    [zoneId, version],
  )
  const holdsFrom = momentInZone(from, cityZone())
  useEffect(() => {
    if (!isAsking) return
    let isOld = false
    void send(true, holdsFrom).then((answer) => {
      if (isOld) return
      setRefused(answer.kind === 'refused' ? answer : null)
      setWould(answer.kind === 'ok' ? answer.value : null)
    })
    return () => {
      isOld = true
    }
  }, [isAsking, holdsFrom, send])
  const remove = async () => {
    setBusy(true)
    const answer = await send(false, holdsFrom)
    setBusy(false)
    if (answer.kind === 'refused') setRefused(answer)
    else if (answer.value.done) onRemoved()
    else setWould(answer.value)
  }
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        {t('zones.remove')}
      </button>
      {isAsking && (
        <ConfirmDialog
          title={t('zones.remove_title', { name })}
          confirm={t('zones.remove_now')}
          isBusy={isBusy}
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        >
          <p>{t('zones.remove_what')}</p>
          {would !== null && <p className="number">{t('zones.stand_inside', { count: would.bikesInside })}</p>}
          {would !== null && would.outside.bikes + would.outside.hotspots > 0 && (
            <p className="notice warn">
              {t('zones.outside', {
                bikes: t('zones.n_bikes', { count: would.outside.bikes }),
                hotspots: t('zones.n_hotspots', { count: would.outside.hotspots }),
              })}
            </p>
          )}
          <div className="field">
            <label htmlFor={`${id}-from`}>{t('places.from')}</label>
            <input
              id={`${id}-from`}
              type="datetime-local"
              value={from}
              onChange={(event) => setFrom(event.target.value)}
            />
            <span className="hint">{t('places.from_how')}</span>
          </div>
          {refused !== null && (
            <RefusalNotice refused={refused}>
              {refused.detail !== undefined && <p className="small">{refused.detail}</p>}
            </RefusalNotice>
          )}
        </ConfirmDialog>
      )}
    </>
  )
}
