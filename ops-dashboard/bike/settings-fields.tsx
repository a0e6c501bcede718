import { useId } from 'react'
import type { LockSettings } from '../../contracts/mqtt/config.ts'
import { settingRanges } from '../../contracts/mqtt/setting-ranges.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { isWrongSetting, type SettingTexts } from './settings-form.ts'
import { numberSettings, rangeWords, type Setting, switchSettings, valueWords } from './settings-words.ts'

/** One field for each setting; an empty one leaves the usual value, which stands in it. */
export function SettingsFields({
  texts,
  usual,
  onText,
}: {
  readonly texts: SettingTexts
  readonly usual: Required<LockSettings>
  readonly onText: (setting: Setting, text: string) => void
}) {
  const spoken = useText()
  const { t } = spoken
  const id = useId()
  return (
    <div className="setting-fields">
      {numberSettings.map((setting) => {
        const isWrong = isWrongSetting(setting, texts[setting])
        return (
          <div className="field" key={setting}>
            <label htmlFor={`${id}-${setting}`}>{t(`bikes.set.${setting}`)}</label>
            <input
              id={`${id}-${setting}`}
              type="number"
              inputMode="numeric"
              min={settingRanges[setting].minimum}
              max={settingRanges[setting].maximum}
              step={1}
              placeholder={t('bikes.set.usual', { value: String(usual[setting]) })}
              value={texts[setting]}
              aria-invalid={isWrong}
              aria-describedby={`${id}-${setting}-range`}
              onChange={(event) => onText(setting, event.target.value)}
            />
            <p
              id={`${id}-${setting}-range`}
              className={isWrong ? 'wrong' : 'hint'}
              role={isWrong ? 'alert' : undefined}
            >
              {isWrong ? t('bikes.set.wrong', { range: rangeWords(setting) }) : rangeWords(setting)}
            </p>
          </div>
        )
      })}
      {switchSettings.map((setting) => (
        <div className="field" key={setting}>
          <label htmlFor={`${id}-${setting}`}>{t(`bikes.set.${setting}`)}</label>
          <select
            id={`${id}-${setting}`}
            value={texts[setting]}
            onChange={(event) => onText(setting, event.target.value)}
          >
            <option value="">{t('bikes.set.usual', { value: valueWords(spoken, setting, usual[setting]) })}</option>
            <option value="1">{valueWords(spoken, setting, 1)}</option>
            <option value="0">{valueWords(spoken, setting, 0)}</option>
          </select>
        </div>
      ))}
    </div>
  )
}
