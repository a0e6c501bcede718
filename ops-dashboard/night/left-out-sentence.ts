import type { PlanView } from '../../contracts/http/nights.ts'
import type { useText } from '../../ui-kit/i18n/text.ts'
import { kilometres, minutes, plainRides, signedRides } from './formats.ts'

type Text = Pick<ReturnType<typeof useText>, 't' | 'tag' | 'ofCode'>
export type LeftOutPlace = PlanView['leftOut'][number]

/** Why a place was left out, with the numbers of the best way to fit it in. */
export function leftOutSentence(left: LeftOutPlace, { t, tag, ofCode }: Text): string {
  const why = ofCode(`night.left.${left.reason}`, 'night.left.not_worth_the_way')
  const wins = t('night.left.wins', { rides: plainRides(tag, left.value) })
  const join = (...sentences: readonly string[]) => sentences.join(tag.startsWith('zh') ? '' : ' ')
  if (left.extraM === null || left.extraMinutes === null) return join(why, wins)
  const costs = t('night.left.costs', { km: kilometres(tag, left.extraM), minutes: minutes(tag, left.extraMinutes) })
  const change = left.change === null ? [] : [t('night.left.change', { rides: signedRides(tag, left.change) })]
  return join(why, wins, costs, ...change)
}
