import { useEffect, useState } from 'react'
import type { Refused } from '../ui-kit/api/api-client.ts'
import { useText } from '../ui-kit/i18n/text.ts'
import { Waiting } from '../ui-kit/notices.tsx'
import { FleetScreen } from './fleet/fleet-screen.tsx'
import { LogInNeeded } from './log-in/log-in-needed.tsx'
import { opsApi } from './ops-api.ts'

type Entry = 'exchanging' | 'inside' | Refused

/** A log-in link is exchanged for the cookie and leaves the address at once; without one, the cookie decides. */
export function OpsApp() {
  const { t } = useText()
  const [entry, setEntry] = useState<Entry>(() => (linkInAddress() === null ? 'inside' : 'exchanging'))
  useEffect(() => {
    document.title = t('ops.login_title')
  }, [t])
  useEffect(() => {
    const link = linkInAddress()
    if (link === null) return
    const address = new URL(location.href)
    address.searchParams.delete('link')
    history.replaceState(null, '', address)
    void opsApi.send<unknown>('/v1/staff/sessions', { method: 'POST', body: { link } }).then((answer) => {
      setEntry(answer.kind === 'ok' ? 'inside' : answer)
    })
  }, [])
  if (entry === 'exchanging') {
    return (
      <main className="alone">
        <Waiting text={t('ops.logging_in')} />
      </main>
    )
  }
  if (entry !== 'inside') return <LogInNeeded refused={entry} />
  return <FleetScreen onRefused={setEntry} />
}

const linkInAddress = () => new URLSearchParams(location.search).get('link')
