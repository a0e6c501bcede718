import type { CrewAct, CrewRoute } from '../../contracts/http/crews.ts'
import type { Translate } from '../../ui-kit/i18n/text.ts'
import { bikeText } from '../bike/bike-name.tsx'
import { isBike } from '../route/apply-acts.ts'

/** An act in a sentence: "Bike 10 012 loaded". @param route for the names of its bikes and stops */
export function deedSentence(t: Translate, act: CrewAct, route: CrewRoute | null): string {
  switch (act.act) {
    case 'load':
    case 'unload':
    case 'not_found':
    case 'blocked':
    case 'broken':
      return t(`crew.deed.${act.act}`, { bike: bikeOf(act.bike, route) })
    case 'finish_stop':
    case 'skip_stop':
      return t(`crew.deed.${act.act}`, { name: stopName(act.stopId, route) ?? t('crew.deed.some_stop') })
    case 'hand_over':
    case 'end_shift':
      return t(`crew.deed.${act.act}`)
  }
}

/** The bike of an act as people know it. */
export function bikeOf(numberOrCode: string, route: CrewRoute | null): string {
  const known = [...(route?.stops.flatMap((stop) => stop.take) ?? []), ...(route?.load ?? [])]
  const number = /^[0-9]{4,8}$/.test(numberOrCode) ? numberOrCode : ''
  return bikeText(known.find((bike) => isBike(bike, numberOrCode)) ?? { number, code: numberOrCode })
}

const stopName = (stopId: string, route: CrewRoute | null): string | undefined =>
  route?.stops.find((stop) => stop.stopId === stopId)?.name
