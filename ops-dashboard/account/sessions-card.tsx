import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { OwnSessions } from '../../contracts/http/account.ts'
import { agentName } from '../../ui-kit/agent-name.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatAge } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { opsApi } from '../ops-api.ts'
import { refusedOf, useAsked } from '../use-asked.ts'

const path = '/v1/staff/sessions'

/** Where I am logged in, and an end to it. Ages are of the machine's time: log-ins do not follow a city's clock. */
export function SessionsCard({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t, tag } = useText()
  const queries = useQueryClient()
  const asked = useAsked<OwnSessions>(path, onRefused)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const end = async (which: string) => {
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<unknown>(`${path}${which}`, { method: 'DELETE' })
    setBusy(false)
    // not found: it ended by itself meanwhile, as it should
    if (answer.kind === 'refused' && answer.code !== 'not_found') setRefused(answer)
    void queries.invalidateQueries({ queryKey: [path] })
  }
  const sessions = asked.data?.sessions ?? []
  const nowMs = Date.now()
  return (
    <section className="card stack" aria-labelledby="sessions-title">
      <h2 id="sessions-title">{t('staff.sessions')}</h2>
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      <ul className="own-sessions">
        {sessions.map(({ sessionId, app, by, agent, since, seenAt, isThis }) => {
          const name = agentName(agent) ?? t('staff.unknown_browser')
          return (
            <li key={sessionId}>
              <span>
                <strong>{name}</strong> {isThis && <span className="badge">{t('staff.this_session')}</span>}
                <br />
                <span className="small soft">
                  {t(app === 'crew' ? 'staff.in_crew_app' : 'staff.at_desk')} · {t(`staff.by_${by}`)} ·{' '}
                  {t('staff.since_ago', { age: formatAge(tag, nowMs - since) })} ·{' '}
                  {t('staff.seen_ago', { age: formatAge(tag, nowMs - seenAt) })}
                </span>
              </span>
              {!isThis && (
                <button
                  type="button"
                  className="button"
                  disabled={isBusy}
                  aria-label={t('staff.end_session_of', { name })}
                  onClick={() => void end(`/${sessionId}`)}
                >
                  {t('staff.end_session')}
                </button>
              )}
            </li>
          )
        })}
      </ul>
      {refused !== null && <RefusalNotice refused={refused} />}
      {sessions.length > 1 && (
        <div className="row">
          <button type="button" className="button" disabled={isBusy} onClick={() => void end('')}>
            {t('staff.end_others')}
          </button>
        </div>
      )}
      <p className="small soft">{t('staff.sessions_how')}</p>
    </section>
  )
}
