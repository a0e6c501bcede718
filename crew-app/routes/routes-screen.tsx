import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { CrewRoute, RouteList } from '../../contracts/http/crews.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { gestureDone, gestureKey } from '../../ui-kit/api/gesture-key.ts'
import { useAnswer } from '../../ui-kit/api/use-answer.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { useNight } from '../night/use-night.ts'
import { RouteCard } from './route-card.tsx'

type Summary = RouteList['routes'][number]
const askAgainMs = 20_000

/** Tonight's routes: who has which, and one to take. */
export function RoutesScreen() {
  const { t, ofCode } = useText()
  const { api, now, heard, takeRoute, setFact } = useNight()
  const [, navigate] = useLocation()
  const [claiming, setClaiming] = useState<string | null>(null)
  const [refused, setRefused] = useState<Refused | null>(null)
  const list = useAnswer<RouteList>('routes', () => api.get('/v1/crew/routes'), askAgainMs)
  const name = list.value?.name
  const trouble = list.refused?.code ?? null
  useEffect(() => {
    if (name !== undefined && name !== now.facts.name) void setFact('name', name)
  }, [name, now.facts.name, setFact])
  useEffect(() => {
    if (!list.loading) heard(trouble)
  }, [list.loading, trouble, heard])

  const take = async (route: Summary) => {
    setClaiming(route.routeId)
    setRefused(null)
    const answer = route.isMine
      ? await api.get<CrewRoute>(`/v1/crew/routes/${route.routeId}`)
      : await api.send<CrewRoute>(`/v1/crew/routes/${route.routeId}/claim`, {
          method: 'POST',
          body: { actId: newUuid() },
          gestureKey: gestureKey(`claim:${route.routeId}`),
        })
    gestureDone(`claim:${route.routeId}`)
    setClaiming(null)
    if (answer.kind !== 'ok') {
      list.again()
      return setRefused(answer)
    }
    await takeRoute(answer.value)
    navigate(answer.value.state === 'done' ? '/' : '/ready')
  }
  const routes = list.value?.routes ?? []
  const mine = routes.filter((route) => route.isMine && route.state === 'claimed')
  const open = routes.filter((route) => route.state === 'open')
  const others = routes.filter((route) => !mine.includes(route) && !open.includes(route))
  return (
    <div className="page">
      <h1>{name === undefined ? t('crew.routes.title') : t('crew.routes.hello', { name })}</h1>
      {list.loading && <Waiting text={t('crew.routes.loading')} />}
      {list.refused !== null && <RefusalNotice refused={list.refused} onAgain={list.again} />}
      {refused !== null && (
        <p className="notice bad" role="alert">
          {refused.code === 'route_taken' && refused.detail !== undefined
            ? t('crew.routes.taken_by', { by: refused.detail })
            : ofCode(`refusal.${refused.code}`, 'refusal.server_fault')}
          {refused.code === 'route_too_early' && refused.detail !== undefined && (
            <> {t('crew.routes.from', { time: refused.detail })}</>
          )}
        </p>
      )}
      {list.value !== null && routes.length === 0 && (
        <div className="notice" role="status">
          <h2>{t('crew.routes.none_title')}</h2>
          <p>{t('crew.routes.none')}</p>
        </div>
      )}
      {routes.length > 0 && open.length === 0 && mine.length === 0 && (
        <div className="notice" role="status">
          <h2>{t('crew.routes.all_taken_title')}</h2>
          <p>{t('crew.routes.all_taken')}</p>
        </div>
      )}
      <ul className="cards">
        {[...mine, ...open, ...others].map((route) => (
          <RouteCard
            key={route.routeId}
            route={route}
            isBusy={claiming === route.routeId}
            onTake={claiming === null && (mine.length === 0 || route.isMine) ? () => void take(route) : null}
          />
        ))}
      </ul>
      {open.length > 0 && <p className="soft small">{t('crew.routes.place_note')}</p>}
    </div>
  )
}
