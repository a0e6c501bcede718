import { useText } from '../../ui-kit/i18n/text.ts'

/** The rider's appeals, newest first, for the page /mine/appeals. */
export function AppealsList() {
  const { t } = useText()
  return <h1>{t('appeals.title')}</h1>
}
