import { useState } from 'react'
import type { RiderDevice, RiderDevices } from '../../contracts/http/my-data.ts'
import { agentName } from '../../ui-kit/agent-name.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useRider } from '../rider-state.ts'

/** Browsers and phones that are logged in; each other one can be logged out from here. */
export function DevicesCard() {
  const { t, tag } = useText()
  const { api } = useRider()
  const devices = useAnswer<RiderDevices>('devices', () => api.get('/v1/me/sessions'))
  const [refused, setRefused] = useState<Refused | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const [ended, setEnded] = useState<string | null>(null)
  const day = (atMs: number) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' }).format(atMs)
  const nameOf = ({ agent }: RiderDevice) => agentName(agent) ?? t('account.unknown_device')
  const logOutOn = async (device: RiderDevice) => {
    setBusy(device.sessionId)
    const answer = await api.send(`/v1/me/sessions/${device.sessionId}`, { method: 'DELETE' })
    setBusy(null)
    // Gone already is as good as gone now.
    const isGone = answer.kind === 'ok' || answer.code === 'not_found'
    setRefused(isGone || answer.kind !== 'refused' ? null : answer)
    setEnded(isGone ? nameOf(device) : null)
    devices.again()
  }
  return (
    <section className="card stack" aria-labelledby="devices-title">
      <h2 id="devices-title">{t('account.devices')}</h2>
      {devices.loading && <Waiting text={t('app.loading')} />}
      {devices.refused !== null && <RefusalNotice refused={devices.refused} onAgain={devices.again} />}
      <ul className="devices">
        {thisFirst(devices.value?.sessions ?? []).map((device) => (
          <li key={device.sessionId}>
            <span>
              <strong>{nameOf(device)}</strong>
              {device.isThis && <span className="badge">{t('account.this_device')}</span>}
              <span className="small soft note">
                {t('account.since_seen', { since: day(device.since), seen: day(device.seenAt) })}
              </span>
            </span>
            {!device.isThis && (
              <button
                type="button"
                className="button"
                disabled={busy === device.sessionId}
                aria-label={t('account.log_out_there_of', { device: nameOf(device) })}
                onClick={() => void logOutOn(device)}
              >
                {t('account.log_out_there')}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p className="small" role="status">
        {ended === null ? '' : t('account.logged_out', { device: ended })}
      </p>
      {refused !== null && <RefusalNotice refused={refused} />}
    </section>
  )
}

const thisFirst = (devices: readonly RiderDevice[]): readonly RiderDevice[] =>
  [...devices].sort((a, b) => Number(b.isThis) - Number(a.isThis))
