import type { PlanMove, PlanView } from '../../contracts/http/nights.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { signedRides } from './formats.ts'
import { reasonsOf } from './reasons-of-move.ts'

const shownAtFirst = 12

/** Each bike that is taken from a place or brought to it, and why. */
export function BikesMoved({
  plan,
  place,
  vanId,
}: {
  readonly plan: PlanView
  readonly place: number
  /** Only this van's; null: all of them. */
  readonly vanId: string | null
}) {
  const { t } = useText()
  const mine = (move: PlanMove) => vanId === null || move.vanId === vanId
  const taken = plan.moves.filter((move) => move.fromPlace === place && mine(move))
  const brought = plan.moves.filter((move) => move.toPlace === place && mine(move))
  return (
    <>
      {taken.length > 0 && (
        <BikeLines title={t('night.taken', { count: taken.length })} moves={taken} plan={plan} isTaken={true} />
      )}
      {brought.length > 0 && (
        <BikeLines title={t('night.brought', { count: brought.length })} moves={brought} plan={plan} isTaken={false} />
      )}
    </>
  )
}

function BikeLines({
  title,
  moves,
  plan,
  isTaken,
}: {
  readonly title: string
  readonly moves: readonly PlanMove[]
  readonly plan: PlanView
  readonly isTaken: boolean
}) {
  const first = moves.slice(0, shownAtFirst)
  const rest = moves.slice(shownAtFirst)
  return (
    <section className="bikes-moved">
      <h3>{title}</h3>
      <ul>
        {first.map((move) => (
          <BikeLine key={move.bikeId} move={move} plan={plan} isTaken={isTaken} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details>
          <summary>+ {rest.length}</summary>
          <ul>
            {rest.map((move) => (
              <BikeLine key={move.bikeId} move={move} plan={plan} isTaken={isTaken} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function BikeLine({
  move,
  plan,
  isTaken,
}: {
  readonly move: PlanMove
  readonly plan: PlanView
  readonly isTaken: boolean
}) {
  const text = useText()
  const { t, tag } = text
  const other = plan.places[isTaken ? (move.toPlace ?? -1) : move.fromPlace]
  const staysInVan = isTaken && (other === undefined || other.kind === 'depot')
  return (
    <li>
      <strong className="number">{formatBikeNumber(move.number)}</strong> <span>{reasonsOf(move, text)}</span>{' '}
      <span className="small soft">
        {staysInVan
          ? t('night.to_depot', { rides: signedRides(tag, move.takeValue), place: other?.name ?? t('night.depot') })
          : isTaken
            ? t('night.goes_to', {
                place: other?.name ?? '',
                take: signedRides(tag, move.takeValue),
                give: signedRides(tag, move.giveValue),
              })
            : t('night.comes_from', { place: other?.name ?? '', give: signedRides(tag, move.giveValue) })}
      </span>
    </li>
  )
}
