import type { SettingsChange } from '../../contracts/http/lock-settings.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { changeWords } from './settings-words.ts'

/** Who set what, and why, newest first. */
export function SettingsHistory({ changes }: { readonly changes: readonly SettingsChange[] }) {
  const spoken = useText()
  const { t, tag } = spoken
  if (changes.length === 0) return null
  return (
    <details>
      <summary>{t('bikes.set.history', { count: changes.length })}</summary>
      <ol className="stack plain">
        {changes.map(({ version, of, settings, reason, by, at }) => (
          <li key={version} className="small">
            <span className="soft number">
              {formatDay(tag, at)}, {formatClock(tag, at)}
            </span>{' '}
            <strong>{t(`bikes.set.of_${of}`)}</strong> {changeWords(spoken, settings)}
            <br />
            <span className="soft">{t('bikes.by_reason', { name: by.name, reason })}</span>
          </li>
        ))}
      </ol>
    </details>
  )
}
