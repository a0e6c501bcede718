import type { PlanEdit, PlanView } from '../../contracts/http/nights.ts'
import { NewVanPanel } from './new-van-panel.tsx'
import type { Selection } from './night-address.ts'
import { PlacePanel } from './place-panel.tsx'
import { StopPanel } from './stop-panel.tsx'
import { VanPanel } from './van-panel.tsx'

/** The panel for what is selected; nothing where the plan no longer has it. */
export function PlanDetail({
  plan,
  at,
  canEdit,
  onOpen,
  onAsk,
  onApply,
  onShow,
}: {
  readonly plan: PlanView
  readonly at: Selection | null
  readonly canEdit: boolean
  readonly onOpen: (at: Selection | null) => void
  readonly onAsk: (edit: PlanEdit) => void
  readonly onApply: (edit: PlanEdit) => void
  readonly onShow: () => void
}) {
  if (at === null) return null
  const shared = { plan, canEdit, onOpen, onAsk }
  switch (at.kind) {
    case 'new_van':
      return canEdit ? <NewVanPanel plan={plan} onClose={() => onOpen(null)} onAsk={onAsk} /> : null
    case 'van': {
      const route = plan.routes.find(({ vanId }) => vanId === at.vanId)
      return route === undefined ? null : <VanPanel {...shared} route={route} />
    }
    case 'stop': {
      const route = plan.routes.find(({ vanId }) => vanId === at.vanId)
      if (route?.stops[at.stop] === undefined) return null
      return <StopPanel {...shared} route={route} index={at.stop} onApply={onApply} onShow={onShow} />
    }
    case 'place': {
      const place = plan.places.find(({ placeId }) => placeId === at.placeId)
      return place === undefined ? null : <PlacePanel {...shared} place={place} onShow={onShow} />
    }
  }
}
