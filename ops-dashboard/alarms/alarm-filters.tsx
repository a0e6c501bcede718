import type { AlarmList } from '../../contracts/http/alarms.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { ViewKeys } from '../frame/view-keys.tsx'
import {
  type AlarmOwner,
  type AlarmsView,
  type AlarmViewState,
  alarmOwners,
  alarmViewStates,
} from './alarms-address.ts'

/** Which alarms are listed: by state and by whose they are. */
export function AlarmFilters({
  view,
  totals,
  onChange,
}: {
  readonly view: AlarmsView
  readonly totals: AlarmList['totals'] | undefined
  readonly onChange: (change: Partial<AlarmsView>) => void
}) {
  const { t } = useText()
  const amounts: Readonly<Record<AlarmViewState, number | undefined>> = {
    live: totals && totals.open + totals.acknowledged + totals.snoozed,
    open: totals?.open,
    acknowledged: totals?.acknowledged,
    snoozed: totals?.snoozed,
    resolved: undefined,
  }
  const owners: Readonly<Record<AlarmOwner, number | undefined>> = {
    all: undefined,
    me: totals?.mine,
    none: totals?.unassigned,
  }
  return (
    <div className="row wrap alarm-filters">
      <ViewKeys
        legend={t('alarms.state')}
        views={alarmViewStates}
        chosen={view.state}
        words={(state) => t(`alarms.state.${state}`)}
        amounts={amounts}
        onChoose={(state) => onChange({ state })}
      />
      <ViewKeys
        legend={t('alarms.owner')}
        views={alarmOwners}
        chosen={view.owner}
        words={(owner) => t(`alarms.owner.${owner}`)}
        amounts={owners}
        onChoose={(owner) => onChange({ owner })}
      />
    </div>
  )
}
