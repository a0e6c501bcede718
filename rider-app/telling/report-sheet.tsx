import type { ReportKind } from '../../contracts/http/tasks.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/**
 * Says what is wrong with a bike: its kind by one press, a picture and words if the rider wants.
 * @param bikeCode code or number of the bike   @param kinds which to offer; all of them where nothing is given
 * @param first what the rider pressed to come here
 */
export function ReportSheet({
  number,
}: {
  readonly bikeCode: string
  readonly number: string
  readonly kinds?: readonly ReportKind[]
  readonly first?: ReportKind
  readonly onClose: () => void
}) {
  const { t } = useText()
  return <p>{`${t('telling.title')} ${number}`}</p>
}
