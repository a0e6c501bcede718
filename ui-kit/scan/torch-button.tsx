import { useState } from 'react'
import { useText } from '../i18n/text.ts'

/** Turns the camera's light on and off, by what `watchCamera` has handed out. */
export function TorchButton({ setTorch }: { readonly setTorch: (on: boolean) => void }) {
  const { t } = useText()
  const [isOn, setOn] = useState(false)
  return (
    <button
      type="button"
      className="button"
      aria-pressed={isOn}
      onClick={() => {
        setTorch(!isOn)
        setOn(!isOn)
      }}
    >
      {t('scan.torch')}
    </button>
  )
}
