import type { AlarmList } from '../../contracts/http/alarms.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
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
      <fieldset className="choice">
        <legend className="visually-hidden">{t('alarms.state')}</legend>
        {alarmViewStates.map((state) => (
          <button
            key={state}
            type="button"
            className="button"
            aria-pressed={state === view.state}
            onClick={() => onChange({ state })}
          >
            {t(`alarms.state.${state}`)} <Amount of={amounts[state]} />
          </button>
        ))}
      </fieldset>
      <fieldset className="choice">
        <legend className="visually-hidden">{t('alarms.owner')}</legend>
        {alarmOwners.map((owner) => (
          <button
            key={owner}
            type="button"
            className="button"
            aria-pressed={owner === view.owner}
            onClick={() => onChange({ owner })}
          >
            {t(`alarms.owner.${owner}`)} <Amount of={owners[owner]} />
          </button>
        ))}
      </fieldset>
    </div>
  )
}

const Amount = ({ of }: { readonly of: number | undefined }) =>
  of === undefined ? null : <span className="number soft">{of}</span>
