import type { PublicConfig } from '../../contracts/http/config.ts'
import type { ClockView } from '../../contracts/http/demo.ts'
import type { Api } from '../../ui-kit/api/api-client.ts'
import { type CityClock, skewOf } from './city-clock.ts'
import type { KeptFacts } from './keep.ts'

/** What the server says of its city; null when it cannot be reached, then the kept answer serves. */
export async function askConfig(api: Api): Promise<KeptFacts['config'] | null> {
  const answer = await api.get<PublicConfig>('/v1/config')
  if (answer.kind !== 'ok') return null
  // Mapbox's tiles may not be stored: the crew's map is always our own
  return { ...answer.value, mapboxToken: null }
}

const clockTimeoutMs = 8_000

/** The city's clock: the demo tells its line, elsewhere it is the server's own clock. Null when it cannot be asked. */
export async function askClock(demo: boolean): Promise<CityClock | null> {
  const sentMs = Date.now()
  try {
    const response = await fetch(demo ? '/demo/clock' : '/v1/config', { signal: AbortSignal.timeout(clockTimeoutMs) })
    const skewMs = skewOf(response.headers.get('date'), sentMs, Date.now())
    if (!demo) return { line: null, skewMs }
    if (!response.ok) return null
    const { now, next } = (await response.json()) as ClockView
    return { line: next ?? now, skewMs }
  } catch (fault) {
    if (fault instanceof TypeError || fault instanceof DOMException || fault instanceof SyntaxError) return null
    throw fault
  }
}
