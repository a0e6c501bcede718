import type { CrewAct, CrewActsAnswer, CrewRoute, RouteList } from '../../contracts/http/crews.ts'
import type { Crew } from './crew.ts'
import type { Told, ZwermApi } from './zwerm-api.ts'

/** A crew's questions; each logs in first where the phone is not. */
export interface CrewPhone {
  logIn(): Promise<Told<null>>
  routes(): Promise<Told<RouteList>>
  read(routeId: string): Promise<Told<CrewRoute>>
  claim(routeId: string, actId: string): Promise<Told<CrewRoute>>
  send(acts: readonly CrewAct[]): Promise<Told<CrewActsAnswer>>
}

/** The session is over, or this person may not any more: log in anew. */
const loggedOut: ReadonlySet<string> = new Set(['session_ended', 'log_in_first'])

export function createCrewPhone(crew: Pick<Crew, 'name' | 'token'>, api: ZwermApi): CrewPhone {
  async function logIn(): Promise<Told<null>> {
    if (crew.token !== null) return { kind: 'answer', value: null }
    const link = await api.crewLink(crew.name)
    if (link.kind !== 'answer') return link
    const session = await api.crewSession(link.value.link)
    if (session.kind !== 'answer') return session
    crew.token = session.value.token
    return { kind: 'answer', value: null }
  }

  async function ask<T>(question: (token: string) => Promise<Told<T>>): Promise<Told<T>> {
    const logged = await logIn()
    if (logged.kind !== 'answer' || crew.token === null) return logged.kind === 'refused' ? logged : nobody
    const told = await question(crew.token)
    if (told.kind !== 'refused' || !loggedOut.has(told.code)) return told
    crew.token = null
    // What was asked is not lost: it is asked again with another session.
    return { kind: 'nothing', why: told.code }
  }

  return {
    logIn,
    routes: () => ask((token) => api.crewRoutes(token)),
    read: (routeId) => ask((token) => api.crewRoute(token, routeId)),
    claim: (routeId, actId) => ask((token) => api.claimRoute(token, routeId, actId)),
    send: (acts) => ask((token) => api.crewActs(token, acts)),
  }
}

const nobody = { kind: 'nothing', why: 'the crew could not log in' } as const
