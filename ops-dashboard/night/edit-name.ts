import type { PlanEdit, PlanView } from '../../contracts/http/nights.ts'
import type { Translate } from '../../ui-kit/i18n/text.ts'
import { placeOf } from './stop-label.ts'

/** What an edit does, in words. */
export function editName(plan: Pick<PlanView, 'places' | 'routes'>, edit: PlanEdit, t: Translate): string {
  const routeOf = (vanId: string) => plan.routes.find((route) => route.vanId === vanId)
  const vanOf = (vanId: string) => routeOf(vanId)?.vanName ?? vanId
  const stopOf = (vanId: string, stop: number) => {
    const found = routeOf(vanId)?.stops[stop]
    return found === undefined ? '' : (placeOf(plan, found)?.name ?? '')
  }
  switch (edit.kind) {
    case 'drop_stop':
      return t('night.edit.drop_stop', { place: stopOf(edit.vanId, edit.stop), van: vanOf(edit.vanId) })
    case 'move_stop':
      return t('night.edit.move_stop', {
        place: stopOf(edit.vanId, edit.stop),
        van: vanOf(edit.toVanId),
        position: edit.toStop + 1,
      })
    case 'add_stop':
      return t('night.edit.add_stop', {
        place: plan.places.find(({ placeId }) => placeId === edit.placeId)?.name ?? '',
        van: vanOf(edit.vanId),
        position: edit.atStop + 1,
      })
    case 'lock_stop':
      return t('night.edit.lock_stop', { place: stopOf(edit.vanId, edit.stop), van: vanOf(edit.vanId) })
    case 'unlock_stop':
      return t('night.edit.unlock_stop', { place: stopOf(edit.vanId, edit.stop), van: vanOf(edit.vanId) })
    case 'add_van':
      return t('night.edit.add_van', { van: edit.van.name })
    case 'remove_van':
      return t('night.edit.remove_van', { van: vanOf(edit.vanId) })
    case 'change_shift':
      return t('night.edit.change_shift', { van: vanOf(edit.vanId), from: edit.startsAt, to: edit.endsAt })
    case 'improve':
      return t('night.edit.improve', { seconds: edit.seconds })
  }
}
